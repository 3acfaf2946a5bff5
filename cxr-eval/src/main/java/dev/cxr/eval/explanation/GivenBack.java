package dev.cxr.eval.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.composition.ReconstructionError;
import java.util.Optional;

/**
 * What a network that gives pictures back made of one, at its own input side.
 *
 * @param asked the picture as the network was given it
 * @param given what it gave back
 */
public record GivenBack(GrayImage asked, GrayImage given) {

  /**
   * Asks for it; empty of a network that does something else.
   *
   * @param side of the network's input, in pixels
   */
  public static Optional<GivenBack> of(Classifier classifier, GrayImage picture, int side) {
    if (!(classifier.block() instanceof ReconstructionError network)) {
      return Optional.empty();
    }
    GrayImage asked = Resampler.resize(picture, side, side);
    float[] pixels = new float[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (asked.pixels()[i] & 0xFF) / 255f;
    }
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = scope.create(pixels, new Shape(1, 1, side, side));
      ParameterStore parameters = new ParameterStore(classifier.manager(), false);
      float[] given = network.reconstruct(parameters, batch).toFloatArray();
      byte[] levels = new byte[given.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) Math.round(255 * given[i]);
      }
      return Optional.of(new GivenBack(asked, new GrayImage(side, side, levels)));
    }
  }

  /** What was given back, in the shape of another picture. */
  public GrayImage picture(GrayImage shape) {
    return Resampler.resize(given, shape.width(), shape.height());
  }

  /** How far that is from what was asked: black where not at all, white where the most. */
  public GrayImage difference(GrayImage shape) {
    byte[] levels = new byte[given.pixels().length];
    int most = 1;
    for (int i = 0; i < levels.length; i++) {
      most = Math.max(most, apart(i));
    }
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (255 * apart(i) / most);
    }
    return Resampler.resize(
        new GrayImage(given.width(), given.height(), levels), shape.width(), shape.height());
  }

  private int apart(int pixel) {
    return Math.abs((asked.pixels()[pixel] & 0xFF) - (given.pixels()[pixel] & 0xFF));
  }
}
