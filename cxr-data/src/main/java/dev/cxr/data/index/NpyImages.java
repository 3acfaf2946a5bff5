package dev.cxr.data.index;

import dev.cxr.data.image.GrayImage;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The gray images of one array, (N, height, width) unsigned bytes.
 *
 * <p>Archives are compressed as a whole, so the first image asked for brings in all. They stay
 * while there is memory to spare: once the pixel cache is made nobody asks again.
 */
final class NpyImages {

  private final NpyArray array;
  private SoftReference<byte[]> content = new SoftReference<>(null);

  NpyImages(NpyArray array) {
    this.array = array;
  }

  /** The file they are in. */
  Path archive() {
    return array.archive();
  }

  /** The array's name in it. */
  String name() {
    return array.name();
  }

  /**
   * One image at its own size.
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
