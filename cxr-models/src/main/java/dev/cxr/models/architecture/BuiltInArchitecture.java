package dev.cxr.models.architecture;

import java.util.Locale;
import java.util.function.IntFunction;

/**
 * The architectures of this module.
 *
 * @since 0.1
 */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold no state
public enum BuiltInArchitecture implements Architecture {
  /** Four convolutional stages and a dense layer with BatchNorm. */
  BINARY_CNN(
      "four conv stages, dense 128: the binary notebooks",
      new Size(224, 1, 6_811_841, 16),
      InputSpec::gray,
      (input, outputs) -> NotebookCnn.binary(outputs)),

  /** Four convolutional stages and a dense layer without BatchNorm. */
  THREE_CLASS_CNN(
      "four conv stages, dense 128: the three-class notebooks",
      new Size(224, 3, 6_811_843, 16),
      InputSpec::gray,
      (input, outputs) -> NotebookCnn.threeClass(outputs)),

  /** Four convolutional stages without BatchNorm. */
  COMPACT_CNN(
      "four conv stages without BatchNorm, dense 512",
      new Size(150, 1, 6_794_881, 16),
      InputSpec::gray,
      (input, outputs) -> NotebookCnn.compact(outputs)),

  /** Five convolutional stages. */
  FIVE_LAYER_CNN(
      "five conv stages, dense 128: the most copied notebook",
      new Size(150, 1, 1_245_313, 16),
      InputSpec::gray,
      (input, outputs) -> NotebookCnn.fiveLayer(outputs)),

  /** A convolutional autoencoder; it returns images, not logits. */
  AUTOENCODER(
      "reconstructs its input: four stages down, four up",
      new Size(224, 0, 1_366_465, 16),
      InputSpec::gray,
      (input, outputs) -> Autoencoder.define(input.side())),

  /** ResNet-18 as in DJL's model zoo. */
  RESNET18(
      "ResNet-18 as in DJL's model zoo, with bottlenecks",
      new Size(224, 1, 886_817, 29), // below 29 DJL builds a family without an 18-layer network
      InputSpec::gray,
      ResNet18::define),

  /** MobileNet v1. */
  MOBILENET_V1(
      "MobileNet v1, Howard et al. 2017, as in Keras",
      new Size(224, 1, 3_208_001, 32),
      InputSpec::minusOneToOne,
      (input, outputs) -> MobileNetV1.define(outputs, 1)),

  /** MobileNet v1 of width .75. */
  MOBILENET_V1_075(
      "MobileNet v1 with three quarters of the channels",
      new Size(224, 1, 1_817_329, 32),
      InputSpec::minusOneToOne,
      (input, outputs) -> MobileNetV1.define(outputs, .75)),

  /** MobileNet v1 of width .5. */
  MOBILENET_V1_050(
      "MobileNet v1 with half of the channels",
      new Size(224, 1, 819_105, 32),
      InputSpec::minusOneToOne,
      (input, outputs) -> MobileNetV1.define(outputs, .5)),

  /** MobileNet v1 of width .25. */
  MOBILENET_V1_025(
      "MobileNet v1 with a quarter of the channels",
      new Size(224, 1, 213_329, 32),
      InputSpec::minusOneToOne,
      (input, outputs) -> MobileNetV1.define(outputs, .25)),

  /** ResNet-50. */
  RESNET50(
      "ResNet-50, He et al. 2015, as in torchvision",
      new Size(224, 1, 23_510_081, 16),
      InputSpec::imageNet,
      (input, outputs) -> ResNet50.define(outputs)),

  /** DenseNet-121. */
  DENSENET121(
      "DenseNet-121, Huang et al. 2016, as in torchvision",
      new Size(224, 1, 6_954_881, 29),
      InputSpec::imageNet,
      (input, outputs) -> DenseNet121.define(outputs)),

  /** The convolutions of VGG-16. */
  VGG16(
      "VGG-16's convolutions, Simonyan and Zisserman 2014, as in torchvision",
      new Size(224, 1, 14_715_201, 32),
      InputSpec::imageNet,
      (input, outputs) -> Vgg16.define(outputs)),

  /** Xception. */
  XCEPTION(
      "Xception, Chollet 2016, as in timm's legacy_xception",
      new Size(299, 1, 20_809_001, 16),
      InputSpec::minusOneToOne,
      (input, outputs) -> Xception.define(outputs)),

  /** Inception-v3. */
  INCEPTION_V3(
      "Inception-v3, Szegedy et al. 2015, as in torchvision",
      new Size(299, 1, 21_787_617, 75),
      InputSpec::minusOneToOne,
      (input, outputs) -> InceptionV3.define(outputs));

  private record Size(int side, int outputs, long parameters, int minSide) {}

  private interface Definition {
    NetworkDefinition define(InputSpec input, int outputs);
  }

  private final String summary;
  private final Size size;
  private final IntFunction<InputSpec> inputScaling;
  private final Definition definition;

  BuiltInArchitecture(
      String summary, Size size, IntFunction<InputSpec> inputScaling, Definition definition) {
    this.summary = summary;
    this.size = size;
    this.inputScaling = inputScaling;
    this.definition = definition;
  }

  @Override
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String summary() {
    return summary;
  }

  @Override
  public Kind kind() {
    return this == AUTOENCODER ? Kind.AUTOENCODER : Kind.CLASSIFIER;
  }

  @Override
  public int defaultSide() {
    return size.side;
  }

  @Override
  public int defaultOutputs() {
    return size.outputs;
  }

  /** {@return the number of trainable parameters with the usual side and outputs} */
  public long parameterCount() {
    return size.parameters;
  }

  @Override
  public int minSide() {
    return size.minSide;
  }

  @Override
  public InputSpec input(int side) {
    return inputScaling.apply(side);
  }

  @Override
  public NetworkDefinition define(InputSpec input, int outputs) {
    return definition.define(input, outputs);
  }
}
