package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;

/** An architecture that computes in Java, which has no ONNX form. */
public final class HostArchitecture implements Architecture {

  @Override
  public String id() {
    return "test-host";
  }

  @Override
  public String summary() {
    return "computes in Java, for tests";
  }

  @Override
  public NetworkDefinition define(InputSpec input, int outputs) {
    return NetworkDefinition.of(
        new SequentialBlock()
            .add(LambdaBlock.singleton(HostArchitecture::copy))
            .add(Blocks.batchFlattenBlock())
            .add(Linear.builder().setUnits(outputs).build()),
        input,
        outputs);
  }

  private static NDArray copy(NDArray x) {
    return x.getManager().create(x.toFloatArray(), x.getShape());
  }
}
