package dev.cxr.models.architecture;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;

/**
 * A network architecture that a recipe and a bundle can name.
 *
 * <p>The {@linkplain BuiltInArchitecture built-in ones} are always there. To add one, implement
 * this interface with a public no-argument constructor and name the class in {@code
 * META-INF/services/dev.cxr.models.architecture.Architecture} of a jar on the class path: it can
 * then be trained by recipe, saved in a bundle, evaluated and served. A bundle holds the
 * architecture's name, never its code: the jar must be on the class path wherever the bundle is
 * loaded.
 *
 * @since 0.1
 */
public interface Architecture {

  /** What a network returns. */
  enum Kind {
    /** Logits: {@link ClassifierNetwork}. */
    CLASSIFIER,
    /** A reconstruction of its input: {@link AutoencoderNetwork}. */
    AUTOENCODER
  }

  /**
   * {@return the name in recipes and bundles: 1 to 64 of {@code a-z}, {@code 0-9} and {@code -}}
   */
  String id();

  /** {@return a description of one line} */
  String summary();

  /**
   * Defines the network for one input and task.
   *
   * <p>The first layer is fed (N, {@link InputSpec#channels()}, side, side) float32 that is already
   * normalized. {@link NetworkDefinition#of} takes any DJL block.
   *
   * @param input as {@link #input} returns it
   * @param outputs how many logits the last layer returns; 1 for two classes
   * @return layers without parameters yet, from the normalized image to (N, outputs)
   */
  NetworkDefinition define(InputSpec input, int outputs);

  /** {@return what the network returns; logits by default} */
  default Kind kind() {
    return Kind.CLASSIFIER;
  }

  /** {@return the usual width and height of its input, in pixels; 224 by default} */
  default int defaultSide() {
    return 224;
  }

  /** {@return the usual number of logits; 1 by default, 0 for an autoencoder} */
  default int defaultOutputs() {
    return 1;
  }

  /** {@return the smallest width and height of its input, in pixels; 16 by default} */
  default int minSide() {
    return 16;
  }

  /**
   * The channels and their normalization; by default one gray channel in [0, 1].
   *
   * @param side width and height, in pixels
   * @return how gray pixels in [0, 1] become the input of the first layer
   * @throws IllegalArgumentException if the side is not between 16 and 2048
   */
  default InputSpec input(int side) {
    return InputSpec.gray(side);
  }

  /**
   * Builds a classifier, without parameters yet.
   *
   * @param outputs how many logits; 1 for two classes
   * @param format the memory layout of the convolutions
   * @param input as {@link #input} returns it
   * @return a block from (N, 1, side, side) float32 in [0, 1] to (N, outputs) logits
   * @throws UserErrorException if this is an autoencoder
   * @throws IllegalArgumentException if the side is below {@link #minSide()}, or the definition is
   *     invalid
   */
  default ClassifierNetwork create(InputSpec input, int outputs, MemoryFormat format) {
    requireKind(Kind.CLASSIFIER);
    requireMinSide(input);
    return new ClassifierNetwork(define(input, outputs), InputBlock.of(input, format));
  }

  /**
   * Builds an autoencoder, without parameters yet.
   *
   * @param format the memory layout of the convolutions
   * @param input as {@link #input} returns it
   * @return a block from (N, 1, side, side) float32 in [0, 1] to the same
   * @throws UserErrorException if this is a classifier
   * @throws IllegalArgumentException if the side is below {@link #minSide()}
   */
  default AutoencoderNetwork createAutoencoder(InputSpec input, MemoryFormat format) {
    requireKind(Kind.AUTOENCODER);
    requireMinSide(input);
    return new AutoencoderNetwork(define(input, 0), InputBlock.of(input, format));
  }

  /**
   * Builds the network with its usual input and outputs, without parameters yet.
   *
   * @param side width and height of its input, in pixels
   * @return a classifier or an autoencoder
   * @throws IllegalArgumentException if the side is below {@link #minSide()}
   */
  default Network create(int side) {
    return switch (kind()) {
      case CLASSIFIER -> create(input(side), defaultOutputs(), MemoryFormat.CHANNELS_LAST);
      case AUTOENCODER -> createAutoencoder(input(side), MemoryFormat.CHANNELS_LAST);
    };
  }

  private void requireKind(Kind expected) {
    if (kind() != expected) {
      throw UsageErrorException.of(
          expected == Kind.CLASSIFIER ? "a classifier architecture" : "an autoencoder architecture",
          "'" + id() + "'",
          "Choose another; `cxr-models list` lists them.");
    }
  }

  private void requireMinSide(InputSpec input) {
    if (input.side() < minSide()) {
      throw new IllegalArgumentException(
          "a side of at least %d pixels, not %d".formatted(minSide(), input.side()));
    }
  }
}
