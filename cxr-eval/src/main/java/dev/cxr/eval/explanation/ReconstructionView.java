package dev.cxr.eval.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.models.Classifier;
import dev.cxr.models.composition.ReconstructionError;
import java.util.Optional;

/**
 * The input and output of an autoencoder for one image, at its input size.
 *
 * @param input the image at the network's input size
 * @param reconstruction the network's output
 */
public record ReconstructionView(GrayImage input, GrayImage reconstruction) {

  /**
   * {@return the reconstruction, or empty if the network is not an autoencoder}
   *
   * @param classifier the loaded model, which is not closed here
   * @param image the image
   * @param side of the network's input, in pixels
   */
  public static Optional<ReconstructionView> of(Classifier classifier, GrayImage image, int side) {
    if (!(classifier.block() instanceof ReconstructionError network)) {
      return Optional.empty();
    }
    GrayImage input = Resampler.resize(image, side, side);
    float[] pixels = new float[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (input.pixels()[i] & 0xFF) / 255f;
    }
    try (NDManager scope = classifier.manager().newSubManager()) {
      NDArray batch = scope.create(pixels, new Shape(1, 1, side, side));
      ParameterStore parameters = new ParameterStore(classifier.manager(), false);
      float[] reconstruction = network.reconstruct(parameters, batch).toFloatArray();
      byte[] levels = new byte[reconstruction.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) Math.round(255 * reconstruction[i]);
      }
      return Optional.of(new ReconstructionView(input, new GrayImage(side, side, levels)));
    }
  }

  /**
   * {@return the reconstruction, resized to the shape of another image}
   *
   * @param shape the image whose width and height the result gets
   */
  public GrayImage resizedReconstruction(GrayImage shape) {
    return Resampler.resize(reconstruction, shape.width(), shape.height());
  }

  /**
   * {@return the absolute difference, resized likewise; white at its maximum}
   *
   * @param shape the image whose width and height the result gets
   */
  public GrayImage resizedDifference(GrayImage shape) {
    byte[] levels = new byte[reconstruction.pixels().length];
    int most = 1;
    for (int i = 0; i < levels.length; i++) {
      most = Math.max(most, absoluteDifference(i));
    }
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (255 * absoluteDifference(i) / most);
    }
    return Resampler.resize(
        new GrayImage(reconstruction.width(), reconstruction.height(), levels),
        shape.width(),
        shape.height());
  }

  private int absoluteDifference(int pixel) {
    return Math.abs((input.pixels()[pixel] & 0xFF) - (reconstruction.pixels()[pixel] & 0xFF));
  }
}
