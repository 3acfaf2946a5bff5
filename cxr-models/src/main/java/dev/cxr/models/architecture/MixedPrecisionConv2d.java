package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.cxr.models.torchscript.TorchScript;
import org.jspecify.annotations.Nullable;

/**
 * DJL's convolution, which can be trained in {@link TrainingPrecision#BFLOAT16}. Its parameters and
 * their gradients are float32, as is inference.
 *
 * <p>In TorchScript, because arrays of bfloat16 abort the process in DJL.
 */
final class MixedPrecisionConv2d extends Conv2d {

  /** PyTorch's numbers of data types. */
  private static final int FLOAT32 = 6;

  private static final int BFLOAT16 = 15;

  /** Null if it is trained in float32. */
  private @Nullable TorchScript inBfloat16;

  private MixedPrecisionConv2d(Conv2d.Builder builder) {
    super(builder);
  }

  /** {@return what the builder describes} */
  static MixedPrecisionConv2d of(Conv2d.Builder builder) {
    builder.build(); // checks it and sets its defaults
    return new MixedPrecisionConv2d(builder);
  }

  void setTrainingPrecision(TrainingPrecision precision) {
    inBfloat16 =
        switch (precision) {
          case FLOAT32 -> null;
          case BFLOAT16 -> convolutionInBfloat16();
        };
  }

  private TorchScript convolutionInBfloat16() {
    String convolution =
        "torch.conv2d(%s, %s, %s, %s, %s, %s, %d)"
            .formatted(
                cast("x", BFLOAT16),
                cast("weight", BFLOAT16),
                includeBias ? cast("bias", BFLOAT16) : "None",
                list(stride),
                list(padding),
                list(dilation),
                groups);
    return new TorchScript(
        "x: Tensor, weight: Tensor" + (includeBias ? ", bias: Tensor" : ""),
        "return " + cast(convolution, FLOAT32));
  }

  private static String cast(String tensor, int type) {
    return "torch.to(%s, %d, False, False, None)".formatted(tensor, type);
  }

  private static String list(Shape sizes) {
    return "[%d, %d]".formatted(sizes.get(0), sizes.get(1));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    if (!training || inBfloat16 == null) {
      return super.forwardInternal(parameters, inputs, training, arguments);
    }
    NDArray x = inputs.singletonOrThrow();
    NDList tensors = new NDList(x);
    getDirectParameters()
        .values()
        .forEach(parameter -> tensors.add(parameters.getValue(parameter, x.getDevice(), true)));
    return new NDList(inBfloat16.apply(tensors.toArray(NDArray[]::new)));
  }
}
