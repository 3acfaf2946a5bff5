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
    int next = 0;
    for (GrayImage image : images) {
      for (byte pixel : Resampler.resize(image, side, side).pixels()) {
        pixels[next++] = (pixel & 0xFF) / 255f;
      }
    }
    return manager.create(pixels, new Shape(images.size(), 1, side, side));
  }
}
