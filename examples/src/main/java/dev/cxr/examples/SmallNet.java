package dev.cxr.examples;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.NetworkDefinition;

/** An architecture of DJL blocks, registered in {@code META-INF/services}. */
public final class SmallNet implements Architecture {

  @Override
  public String id() {
    return "small-net";
  }

  @Override
  public String summary() {
    return "one convolution, global average pooling";
  }

  @Override
  public NetworkDefinition define(InputSpec input, int outputs) {
    SequentialBlock block =
        new SequentialBlock()
            .add(Conv2d.builder().setFilters(8).setKernelShape(new Shape(5, 5)).build())
            .add(Activation.reluBlock())
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(outputs).build());
    return NetworkDefinition.of(block, input, outputs);
  }
}
