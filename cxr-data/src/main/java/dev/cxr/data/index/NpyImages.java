package dev.cxr.data.index;

import dev.cxr.data.image.GrayImage;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The gray images of one array, (N, height, width) unsigned bytes.
 *
 * <p>An array is compressed as a whole, so reading one image loads all of them. A soft reference
 * keeps them, because all images are read once to create the pixel cache.
 */
final class NpyImages {

  private final NpyArray array;
  private SoftReference<byte[]> content = new SoftReference<>(null);

  NpyImages(NpyArray array) {
    this.array = array;
  }

  /** The file of the array. */
  Path archive() {
    return array.archive();
  }

  /** The name of the array in the file. */
  String name() {
    return array.name();
  }

  /**
   * Reads an image at its original size.
   *
   * @throws IOException if the archive cannot be read
   */
  GrayImage read(int index) throws IOException {
    int height = array.shape().get(1);
    int width = array.shape().get(2);
    byte[] all = content();
    int from = index * height * width;
    return new GrayImage(width, height, Arrays.copyOfRange(all, from, from + height * width));
  }

  private synchronized byte[] content() throws IOException {
    byte[] all = content.get();
    if (all == null) {
      all = array.read();
      content = new SoftReference<>(all);
    }
    return all;
  }
}
