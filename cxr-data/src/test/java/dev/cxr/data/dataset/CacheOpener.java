package dev.cxr.data.dataset;

import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.PixelSource;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Xray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Opens the cache of the pictures {@code 0.png}, {@code 1.png}, … of a folder, or of drawn ones,
 * once its input ends.
 */
final class CacheOpener {

  private CacheOpener() {}

  public static void main(String... arguments) throws IOException {
    String folder = arguments[0];
    int side = Integer.parseInt(arguments[2]);
    List<Xray> xrays =
        IntStream.range(0, Integer.parseInt(arguments[1]))
            .mapToObj(i -> folder.equals("synthetic") ? drawn(i, side) : filed(folder, i))
            .toList();
    System.out.println("ready");
    System.in.readAllBytes();
    PixelCache cache = PixelCache.of(xrays, side);
    CRC32 sum = new CRC32();
    for (int i = 0; i < xrays.size(); i++) {
      sum.update(cache.picture(i).pixels());
    }
    System.out.println("pixels " + Long.toHexString(sum.getValue()));
  }

  private static Xray filed(String folder, int i) {
    return Pictures.xray(Path.of(folder, i + ".png"), Finding.NORMAL, Split.TRAIN);
  }

  private static Xray drawn(int i, int side) {
    PixelSource source = new PixelSource.Synthetic(Finding.NORMAL, i, i, side);
    return new Xray("drawn " + i, source, Finding.NORMAL, "patient " + i, Split.TRAIN);
  }
}
