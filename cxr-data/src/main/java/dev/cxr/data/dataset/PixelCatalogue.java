package dev.cxr.data.dataset;

import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A catalogue together with its pixels.
 *
 * <p>Of training and validation pictures that are equal to the last pixel only the first is kept,
 * so that none stands on both sides.
 */
public final class PixelCatalogue {

  private final Catalogue catalogue;
  private final int side;
  private final PixelCache cache;

  /** Where in the cache each X-ray of the catalogue stands. */
  private final List<Integer> positions;

  private PixelCatalogue(Catalogue catalogue, int side, PixelCache cache, List<Integer> positions) {
    this.catalogue = catalogue;
    this.side = side;
    this.cache = cache;
    this.positions = positions;
  }

  /**
   * Decodes the X-rays of some splits, or takes their pixels from the cache.
   *
   * @param side width and height that every picture is resized to, in pixels
   * @throws dev.cxr.data.shell.Refusal if any of them cannot be decoded
   * @throws IOException if the cache folder cannot be written
   */
  public static PixelCatalogue of(Catalogue catalogue, Set<Split> splits, int side)
      throws IOException {
    List<Xray> xrays = catalogue.xrays().stream().filter(x -> splits.contains(x.split())).toList();
    PixelCache cache = PixelCache.of(xrays, side);
    List<Integer> positions = withoutDuplicates(xrays, cache);
    List<Xray> kept = positions.stream().map(xrays::get).toList();
    int dropped = xrays.size() - kept.size();
    String notice =
        "%d exact duplicates among the training pictures are left out.".formatted(dropped);
    return new PixelCatalogue(
        catalogue.keeping(kept, dropped == 0 ? List.of() : List.of(notice)),
        side,
        cache,
        positions);
  }

  /** The X-rays that are left, in the order of the catalogue they come from. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /** Width and height of every picture, in pixels. */
  public int side() {
    return side;
  }

  /**
   * Identifies the pictures and findings of a split, whatever the files are called: SHA-256 over
   * the sorted pairs of pixel hash and finding, as hex digits.
   */
  public String fingerprint(Split split) {
    MessageDigest digest = Sha256.start();
    indices(split).stream()
        .map(i -> cache.hash(positions.get(i)) + " " + catalogue.xrays().get(i).finding() + "\n")
        .sorted()
        .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Indices into {@link Catalogue#xrays()} of the X-rays of a split. */
  List<Integer> indices(Split split) {
    List<Xray> xrays = catalogue.xrays();
    return IntStream.range(0, xrays.size())
        .filter(i -> xrays.get(i).split() == split)
        .boxed()
        .toList();
  }

  /** One picture through the augmenter: (1, side, side) float32 in [0, 1], row-major. */
  float[] pixels(int index, Augmenter augmenter, long seed) {
    float[] out = new float[side * side];
    int position = positions.get(index);
    augmenter.apply(cache.buffer(position), cache.offset(position), side, side, seed, out, 0);
    return out;
  }

  private static List<Integer> withoutDuplicates(List<Xray> xrays, PixelCache cache) {
    Set<Split> learning = EnumSet.of(Split.TRAIN, Split.VALIDATION);
    Set<String> seen = new HashSet<>();
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < xrays.size(); i++) {
      if (!learning.contains(xrays.get(i).split()) || seen.add(cache.hash(i))) {
        kept.add(i);
      }
    }
    return kept;
  }
}
