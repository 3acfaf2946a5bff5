package dev.cxr.models.architecture;

import ai.djl.nn.Block;
import dev.cxr.common.cli.UserErrorException;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** The networks that can be named in a recipe and in a bundle. */
@SuppressWarnings("ImmutableEnumChecker") // the functions hold no state
public enum Architecture {
  /** The four-stage network of the binary notebooks: {@link BinaryCnn}. */
  BINARY_CNN(
      "binary-cnn",
      "four conv stages, dense 128: the binary notebooks",
      new Defaults(224, 1, 6_811_841),
      16,
      InputSpec::gray,
      (input, spec, outputs) -> BinaryCnn.define(input, outputs)),

  /** {@link ThreeClassCnn}. */
  THREE_CLASS_CNN(
      "three-class-cnn",
      "four conv stages, dense 128: the three-class notebooks",
      new Defaults(224, 3, 6_811_843),
      16,
      InputSpec::gray,
      (input, spec, outputs) -> ThreeClassCnn.define(input, outputs)),

  /** {@link CompactCnn}. */
  COMPACT_CNN(
      "compact-cnn",
      "four conv stages without BatchNorm, dense 512",
      new Defaults(150, 1, 6_794_881),
      16,
      InputSpec::gray,
      (input, spec, outputs) -> CompactCnn.define(input, outputs)),

  /** {@link FiveLayerCnn}. */
  FIVE_LAYER_CNN(
      "five-layer-cnn",
      "five conv stages, dense 128: the most copied notebook",
      new Defaults(150, 1, 1_245_313),
      16,
      InputSpec::gray,
      (input, spec, outputs) -> FiveLayerCnn.define(input, outputs)),

  /** {@link Autoencoder}; it gives back pictures, not logits. */
  AUTOENCODER(
      "autoencoder",
      "gives pictures back, through four stages down and four up",
      new Defaults(224, 0, 1_366_465),
      16,
      InputSpec::gray,
      (input, spec, outputs) -> Autoencoder.define(input, spec.side())),

  /** What DJL's model zoo calls ResNet-18: {@link ModelZooResNet18}. */
  RESNET18(
      "resnet18",
      "ResNet-18 as DJL's model zoo builds it, with bottlenecks",
      new Defaults(224, 1, 886_817),
      29, // below it DJL would build another family of networks, which has none of 18 layers
      InputSpec::gray,
      ModelZooResNet18::define),

  /** {@link MobileNetV1}. */
  MOBILENET_V1(
      "mobilenet-v1",
      "MobileNet v1, Howard et al. 2017, as in Keras",
      new Defaults(224, 1, 3_208_001),
      32,
      InputSpec::symmetric,
      (input, spec, outputs) -> MobileNetV1.define(input, outputs, 1)),

  /** {@link MobileNetV1} of width .75. */
  MOBILENET_V1_075(
      "mobilenet-v1-075",
      "MobileNet v1 with three quarters of the channels",
      new Defaults(224, 1, 1_817_329),
      32,
      InputSpec::symmetric,
      (input, spec, outputs) -> MobileNetV1.define(input, outputs, .75)),

  /** {@link MobileNetV1} of width .5. */
  MOBILENET_V1_050(
      "mobilenet-v1-050",
      "MobileNet v1 with half of the channels",
      new Defaults(224, 1, 819_105),
      32,
      InputSpec::symmetric,
      (input, spec, outputs) -> MobileNetV1.define(input, outputs, .5)),

  /** {@link MobileNetV1} of width .25. */
  MOBILENET_V1_025(
      "mobilenet-v1-025",
      "MobileNet v1 with a quarter of the channels",
      new Defaults(224, 1, 213_329),
      32,
      InputSpec::symmetric,
      (input, spec, outputs) -> MobileNetV1.define(input, outputs, .25)),

  /** {@link ResNet50}. */
  RESNET50(
      "resnet50",
      "ResNet-50, He et al. 2015, as in torchvision",
      new Defaults(224, 1, 23_510_081),
      16,
      InputSpec::imageNet,
      (input, spec, outputs) -> ResNet50.define(input, outputs)),

  /** {@link DenseNet121}. */
  DENSENET121(
      "densenet121",
      "DenseNet-121, Huang et al. 2016, as in torchvision",
      new Defaults(224, 1, 6_954_881),
      29,
      InputSpec::imageNet,
      (input, spec, outputs) -> DenseNet121.define(input, outputs)),

  /** {@link Vgg16}. */
  VGG16(
      "vgg16",
      "VGG-16's convolutions, Simonyan and Zisserman 2014, as in torchvision",
      new Defaults(224, 1, 14_715_201),
      32,
      InputSpec::imageNet,
      (input, spec, outputs) -> Vgg16.define(input, outputs)),

  /** {@link Xception}. */
  XCEPTION(
      "xception",
      "Xception, Chollet 2016, as in timm's legacy_xception",
      new Defaults(299, 1, 20_809_001),
      16,
      InputSpec::symmetric,
      (input, spec, outputs) -> Xception.define(input, outputs)),

  /** {@link InceptionV3}. */
  INCEPTION_V3(
      "inception-v3",
      "Inception-v3, Szegedy et al. 2015, as in torchvision",
      new Defaults(299, 1, 21_787_617),
      75,
      InputSpec::symmetric,
      (input, spec, outputs) -> InceptionV3.define(input, outputs));

  /** What a network answers. */
  public enum Kind {
    /** Logits: {@link ClassifierNetwork}. */
    CLASSIFIER,
    /** The picture it was given: {@link AutoencoderNetwork}. */
    AUTOENCODER
  }

  /**
   * What an architecture is usually built for.
   *
   * @param side width and height of its input, in pixels
   * @param outputs how many logits; 0 where the answer is a picture
   * @param parameters how many of its numbers are then learned
   */
  public record Defaults(int side, int outputs, long parameters) {}

  private interface Definition {
    NetworkDefinition define(Block input, InputSpec spec, int outputs);
  }

  private final String id;
  private final String summary;
  private final Defaults defaults;
  private final int minSide;
  private final IntFunction<InputSpec> inputScaling;
  private final Definition definition;

  Architecture(
      String id,
      String summary,
      Defaults defaults,
      int minSide,
      IntFunction<InputSpec> inputScaling,
      Definition definition) {
    this.id = id;
    this.summary = summary;
    this.defaults = defaults;
    this.minSide = minSide;
    this.inputScaling = inputScaling;
    this.definition = definition;
  }

  /**
   * Finds an architecture by name.
   *
   * @throws UserErrorException if there is none of that name; it lists those there are
   */
  public static Architecture forName(String name) {
    return Arrays.stream(values())
        .filter(a -> a.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserErrorException.ofUsage(
                    "an architecture of "
                        + Arrays.stream(values()).map(a -> a.id).collect(Collectors.joining(", ")),
                    "'" + name + "'",
                    "Choose one of those."));
  }

  /** The name that people type, such as {@code binary-cnn}. */
  public String id() {
    return id;
  }

  /** What it is, in a line. */
  public String summary() {
    return summary;
  }

  /** What it answers. */
  public Kind kind() {
    return this == AUTOENCODER ? Kind.AUTOENCODER : Kind.CLASSIFIER;
  }

  /** What it is usually built for. */
  public Defaults defaults() {
    return defaults;
  }

  /** The width and height, in pixels, below which it cannot be built. */
  public int minSide() {
    return minSide;
  }

  /**
   * What it is fed: one gray channel as it is or, where published weights expect three, the gray
   * channel three times, each scaled as those weights expect.
   *
   * @param side width and height, in pixels
   */
  public InputSpec input(int side) {
    return inputScaling.apply(side);
  }

  /**
   * Builds a network that classifies, without parameters yet.
   *
   * @param outputs how many logits: one for a question of yes or no
   * @return a block from (N, 1, side, side) float32 in [0, 1] to (N, outputs) logits
   * @throws UserErrorException if this is no classifier
   * @throws IllegalArgumentException if the side is below {@link #minSide()}
   */
  public ClassifierNetwork create(InputSpec input, int outputs, MemoryFormat format) {
    requireKind(Kind.CLASSIFIER);
    return new ClassifierNetwork(define(input, outputs, format));
  }

  /**
   * Builds a network that gives pictures back, without parameters yet.
   *
   * @return a block from (N, 1, side, side) float32 in [0, 1] to the same
   * @throws UserErrorException if this is no autoencoder
   * @throws IllegalArgumentException if the side is below {@link #minSide()}
   */
  public AutoencoderNetwork createAutoencoder(InputSpec input, MemoryFormat format) {
    requireKind(Kind.AUTOENCODER);
    return new AutoencoderNetwork(define(input, defaults.outputs, format));
  }

  /**
   * Builds the network that it usually is, fed what it is usually fed, without parameters yet.
   *
   * @param side width and height of its input, in pixels
   * @throws IllegalArgumentException if the side is below {@link #minSide()}
   */
  public Network create(int side) {
    return switch (kind()) {
      case CLASSIFIER -> create(input(side), defaults.outputs, MemoryFormat.CHANNELS_LAST);
      case AUTOENCODER -> createAutoencoder(input(side), MemoryFormat.CHANNELS_LAST);
    };
  }

  private void requireKind(Kind expected) {
    if (kind() != expected) {
      throw UserErrorException.ofUsage(
          switch (expected) {
            case CLASSIFIER -> "an architecture that classifies";
            case AUTOENCODER -> "an architecture that gives pictures back";
          },
          "'" + id + "'",
          "Choose another; `cxr-models list` says what each is.");
    }
  }

  private NetworkDefinition define(InputSpec input, int outputs, MemoryFormat format) {
    if (input.side() < minSide) {
      throw new IllegalArgumentException(
          "a side of at least %d pixels, not %d".formatted(minSide, input.side()));
    }
    return definition.define(InputBlock.of(input, format), input, outputs);
  }
}
