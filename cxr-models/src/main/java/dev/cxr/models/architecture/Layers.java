package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.cxr.models.torchscript.TorchScript;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The layers of the built-in networks. */
final class Layers {

  /** PyTorch's default epsilon of BatchNorm; TensorFlow's is 1e-3. */
  private static final float PYTORCH_EPSILON = 1e-5f;

  /** The name of a block that returns its input. */
  static final String IDENTITY = "identity";

  /** The gradient of {@code clip} is composed of masks, a quarter of MobileNet's training time. */
  private static final TorchScript RELU6 = function("return torch.relu6(x)");

  private static final TorchScript RELU_IN_PLACE = function("return torch.relu_(x)");

  private static final TorchScript PAD_BOTTOM_RIGHT =
      function("return torch.constant_pad_nd(x, [0, 1, 0, 1], 0)");

  private Layers() {}

  /** k x k, 'same' for stride 1, half the size for stride 2 (rounded up), without bias. */
  static Block conv(int filters, int kernel, int stride) {
    return conv(filters, kernel, stride, kernel / 2);
  }

  /** 3 x 3 / 2 with zero padding at the right and bottom only, as in TensorFlow, without bias. */
  static Block convPaddedBottomRight(int filters) {
    return padBottomRight(conv(filters, 3, 2, 0));
  }

  /** k x k with zero padding on all sides, without bias. */
  static Block conv(int filters, int kernel, int stride, int padding) {
    return MixedPrecisionConv2d.of(conv2d(filters, square(kernel), stride, square(padding)));
  }

  /** 'same' with a kernel of odd height and width such as 1 x 7, without bias. */
  static Block rectangularConv(int filters, int height, int width) {
    return MixedPrecisionConv2d.of(
        conv2d(filters, new Shape(height, width), 1, new Shape(height / 2, width / 2)));
  }

  /** 3 x 3 'same', depthwise, without bias. */
  static Block depthwiseConv(int channels) {
    return depthwiseConv(channels, 1, 1);
  }

  /** {@link #convPaddedBottomRight}, depthwise. */
  static Block depthwiseConvPaddedBottomRight(int channels) {
    return padBottomRight(depthwiseConv(channels, 2, 0));
  }

  /** Of float32 in every {@link TrainingPrecision}, because it is faster. */
  private static Block depthwiseConv(int channels, int stride, int padding) {
    return conv2d(channels, square(3), stride, square(padding)).optGroups(channels).build();
  }

  private static Block padBottomRight(Block conv) {
    Block pad = LambdaBlock.singleton(Layers::padBottomRight, "pad");
    return new NamedSequentialBlock().add(pad).add(conv);
  }

  private static NDArray padBottomRight(NDArray x) {
    return x instanceof PtNDArray ? PAD_BOTTOM_RIGHT.apply(x) : appendZeros(x);
  }

  /** Concatenated channels-last, because PyTorch would return another memory format. */
  private static NDArray appendZeros(NDArray x) {
    NDArray pixels = x.transpose(0, 2, 3, 1);
    return appendZeros(appendZeros(pixels, 1), 2).transpose(0, 3, 1, 2);
  }

  private static NDArray appendZeros(NDArray x, int axis) {
    long[] sizes = x.getShape().getShape().clone();
    sizes[axis] = 1;
    return x.concat(x.getManager().zeros(new Shape(sizes)), axis);
  }

  /** {@link #conv(int, int, int)} with bias. */
  static Block biasedConv(int filters, int kernel, int stride) {
    return MixedPrecisionConv2d.of(
        conv2d(filters, square(kernel), stride, square(kernel / 2)).optBias(true));
  }

  private static Conv2d.Builder conv2d(int filters, Shape kernel, int stride, Shape padding) {
    return Conv2d.builder()
        .setFilters(filters)
        .setKernelShape(kernel)
        .optStride(square(stride))
        .optPadding(padding)
        .optBias(false);
  }

  /** With the epsilon of PyTorch. */
  static Block batchNorm() {
    return batchNorm(PYTORCH_EPSILON);
  }

  static Block batchNorm(float epsilon) {
    return new BatchNorm(epsilon);
  }

  /** ReLU of an array that no other layer reads: in training it replaces the array. */
  static Block relu() {
    return elementwise("relu", Activation::relu, RELU_IN_PLACE::apply);
  }

  /** ReLU of an array that no other layer reads and that the engine does not need again. */
  static NDArray reluInPlace(NDArray x) {
    return x instanceof PtNDArray ? RELU_IN_PLACE.apply(x) : Activation.relu(x);
  }

  /** ReLU that saturates at 6. PyTorch copies what it replaces. */
  static Block relu6() {
    return elementwise("relu6", Layers::relu6, Layers::relu6);
  }

  private static NDArray relu6(NDArray x) {
    return x instanceof PtNDArray ? RELU6.apply(x) : x.clip(0, 6);
  }

  /** ReLU of an array that other layers read too. */
  static Block reluOfShared() {
    return elementwise("relu", Activation::relu, Activation::relu);
  }

  static Block sigmoid() {
    return elementwise("sigmoid", Activation::sigmoid, Activation::sigmoid);
  }

  static Block identity() {
    return elementwise(IDENTITY, x -> x, x -> x);
  }

  /**
   * Dropout (Srivastava et al. 2014) by random numbers of 32 bits. PyTorch's own draws 64 for each
   * value, a tenth of the training time of the notebooks' networks.
   */
  static Block dropout(double rate) {
    TorchScript dropout =
        function(
            "return torch.mul(x, torch.mul(torch.ge(torch.rand_like(x), %s), %s))"
                .formatted(rate, 1 / (1 - rate)));
    return elementwise("dropout", x -> x, dropout::apply);
  }

  static Block maxPool(int kernel, int stride, int padding) {
    return Pool.maxPool2dBlock(square(kernel), square(stride), square(padding));
  }

  /** 2 x 2 with stride 2; an odd size is rounded up, as by 'same' in Keras. */
  static Block maxPoolSame() {
    return Pool.maxPool2dBlock(square(2), square(2), square(0), true);
  }

  /** The padding counts in the mean, as in PyTorch by default. */
  static Block averagePool(int kernel, int stride, int padding) {
    return Pool.avgPool2dBlock(square(kernel), square(stride), square(padding), false, true);
  }

  /** (N, C, H, W) to (N, C). */
  static Block globalAveragePool() {
    return Pool.globalAvgPool2dBlock();
  }

  static Block flatten() {
    return Blocks.batchFlattenBlock();
  }

  static Block dense(int units) {
    return Linear.builder().setUnits(units).build();
  }

  private static Shape square(int side) {
    return new Shape(side, side);
  }

  /** The output has the shape of the input; DJL would compute it to find out. */
  private static Block elementwise(
      String name, UnaryOperator<NDArray> inference, UnaryOperator<NDArray> training) {
    return new LambdaBlock(list -> new NDList(inference.apply(list.singletonOrThrow())), name) {
      @Override
      protected NDList forwardInternal(
          ParameterStore parameters,
          NDList inputs,
          boolean isTraining,
          @Nullable PairList<String, Object> arguments) {
        return isTraining
            ? new NDList(training.apply(inputs.singletonOrThrow()))
            : super.forwardInternal(parameters, inputs, false, arguments);
      }

      @Override
      public Shape[] getOutputShapes(Shape[] inputs) {
        return inputs;
      }
    };
  }

  private static TorchScript function(String body) {
    return new TorchScript("x: Tensor", body);
  }
}
