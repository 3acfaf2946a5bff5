package dev.cxr.models.bundle;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Images as every network is fed them: resized to its side, pixels divided by 255. */
public final class ImageBatch {

  private ImageBatch() {}

  /**
   * Makes a batch of synthetic X-rays, on which engines are compared.
   *
   * @param manager owns the batch
   * @param count the number of images
   * @param side width and height of the network's input, in pixels
   * @return (N, 1, side, side) float32 in [0, 1]
   * @throws IOException if they cannot be drawn
   */
  public static NDArray synthetic(NDManager manager, int count, int side) throws IOException {
    List<GrayImage> images = new ArrayList<>();
    for (Xray xray :
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT)
            .xrays()
            .subList(0, count)) {
      images.add(xray.source().read());
    }
    return of(manager, images, side);
  }

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
