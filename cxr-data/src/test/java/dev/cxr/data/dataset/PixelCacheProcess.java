package dev.cxr.data.dataset;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Opens the cache of the images {@code 0.png}, {@code 1.png}, … of a folder, or of synthetic ones,
 * once its input ends.
 */
final class PixelCacheProcess {

  private PixelCacheProcess() {}

  public static void main(String... arguments) throws IOException {
    String folder = arguments[0];
    int side = Integer.parseInt(arguments[2]);
    List<Xray> xrays =
        IntStream.range(0, Integer.parseInt(arguments[1]))
            .mapToObj(
                i -> folder.equals("synthetic") ? syntheticXray(i, side) : fileXray(folder, i))
            .toList();
    System.out.println("ready");
    System.in.readAllBytes();
    PixelCache cache = PixelCache.openOrCreate(xrays, side);
    CRC32 sum = new CRC32();
    for (int i = 0; i < xrays.size(); i++) {
      sum.update(cache.image(i).pixels());
    }
    System.out.println("pixels " + Long.toHexString(sum.getValue()));
  }

  private static Xray fileXray(String folder, int i) {
    return NoiseImages.xray(Path.of(folder, i + ".png"), Finding.NORMAL, Split.TRAIN);
  }

  private static Xray syntheticXray(int i, int side) {
    ImageSource source = new ImageSource.SyntheticSource(Finding.NORMAL, i, i, side);
    return new Xray("drawn " + i, source, Finding.NORMAL, "patient " + i, Split.TRAIN);
  }
}
