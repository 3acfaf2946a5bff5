package dev.cxr.models.bundle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.util.List;

/** Images as every network is fed them: resized to its side, pixels divided by 255. */
public final class ImageBatch {

  private ImageBatch() {}

  /**
   * Makes a batch of images of any size.
   *
   * @param manager owns the batch
   * @param side width and height of the network's input, in pixels
   * @param images of any size
   * @return (N, 1, side, side) float32 in [0, 1]
   */
  public static NDArray of(NDManager manager, List<GrayImage> images, int side) {
    float[] pixels = new float[images.size() * side * side];
    for (int i = 0; i < images.size(); i++) {
      write(images.get(i), side, pixels, i * side * side);
    }
    return manager.create(pixels, new Shape(images.size(), 1, side, side));
  }

  static void write(GrayImage image, int side, float[] out, int offset) {
    byte[] pixels = Resampler.resize(image, side, side).pixels();
    for (int i = 0; i < pixels.length; i++) {
      out[offset + i] = (pixels[i] & 0xFF) / 255f;
    }
  }
}
