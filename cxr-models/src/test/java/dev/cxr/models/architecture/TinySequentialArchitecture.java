package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

/** What a user's jar provides: an architecture of DJL's own blocks. */
public final class TinySequentialArchitecture implements Architecture {

  @Override
  public String id() {
    return "test-tiny";
  }

  @Override
  public String summary() {
    return "two convolutions, for tests";
  }

  @Override
  public int defaultSide() {
    return 32;
  }

  @Override
  public NetworkDefinition define(InputSpec input, int outputs) {
    return NetworkDefinition.of(
        new SequentialBlock()
            .add(conv(8))
            .add(BatchNorm.builder().build())
            .add(Activation.reluBlock())
            .add(conv(12))
            .add(Activation.reluBlock())
            .add(Pool.globalAvgPool2dBlock())
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(outputs).build()),
        input,
        outputs);
  }

  private static Conv2d conv(int filters) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(new Shape(3, 3))
        .optPadding(new Shape(1, 1))
        .build();
  }
}
