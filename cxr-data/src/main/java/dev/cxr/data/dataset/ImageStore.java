package dev.cxr.data.dataset;

import dev.cxr.common.files.Sha256;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A catalogue together with its pixels.
 *
 * <p>Of training and validation images that are equal to the last pixel only the first is kept, so
 * that none stands on both sides; where their findings contradict each other none is.
 */
public final class ImageStore {

  private final DatasetIndex index;
  private final int side;
  private final PixelCache cache;

  /** Where in the cache each X-ray of the catalogue stands. */
  private final List<Integer> cachePositions;

  private ImageStore(DatasetIndex index, int side, PixelCache cache, List<Integer> cachePositions) {
    this.index = index;
    this.side = side;
    this.cache = cache;
    this.cachePositions = cachePositions;
  }

  /**
   * Decodes the X-rays of some splits, or takes their pixels from the cache.
   *
   * @param side width and height that every image is resized to, in pixels
   * @throws dev.cxr.common.cli.UserErrorException if any of them cannot be decoded
   * @throws IOException if the cache folder cannot be written
   */
  public static ImageStore open(DatasetIndex index, Set<Split> splits, int side)
      throws IOException {
    List<Xray> xrays = xrays(index, splits);
    List<Integer> cachePositions = IntStream.range(0, xrays.size()).boxed().toList();
    return open(index, side, PixelCache.openOrCreate(xrays, side), xrays, cachePositions);
  }

  /**
   * Decodes every X-ray of a dataset that is evaluated as a whole: whatever their splits, none is
   * left out as a duplicate.
   *
   * @param side width and height that every image is resized to, in pixels
   * @throws dev.cxr.common.cli.UserErrorException if any of them cannot be decoded
   * @throws IOException if the cache folder cannot be written
   */
  public static ImageStore openAll(DatasetIndex index, int side) throws IOException {
    List<Xray> xrays = index.xrays();
    List<Integer> cachePositions = IntStream.range(0, xrays.size()).boxed().toList();
    return new ImageStore(index, side, PixelCache.openOrCreate(xrays, side), cachePositions);
  }

  /**
   * These pixels under other splits or findings; nothing is decoded or read for it.
   *
   * @param newIndex of X-rays of this catalogue, by their ids
   * @param splits the splits that are kept
   */
  public ImageStore withIndex(DatasetIndex newIndex, Set<Split> splits) {
    Map<String, Integer> cachePositionById = new HashMap<>();
    for (int i = 0; i < cachePositions.size(); i++) {
      cachePositionById.put(index.xrays().get(i).id(), cachePositions.get(i));
    }
    List<Xray> xrays = xrays(newIndex, splits);
    return open(
        newIndex,
        side,
        cache,
        xrays,
        xrays.stream().map(x -> cachePositionById.get(x.id())).toList());
  }

  private static List<Xray> xrays(DatasetIndex index, Set<Split> splits) {
    return index.xrays().stream().filter(x -> splits.contains(x.split())).toList();
  }

  private static ImageStore open(
      DatasetIndex index,
      int side,
      PixelCache cache,
      List<Xray> xrays,
      List<Integer> cachePositions) {
    List<Integer> kept = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    int duplicates = 0;
    int contradictory = 0;
    for (List<Integer> group : groupByPixels(xrays, i -> cache.hash(cachePositions.get(i)))) {
      if (haveCompatibleFindings(group, xrays)) {
        kept.add(group.get(0));
        duplicates += group.size() - 1;
      } else {
        contradictory += group.size();
      }
    }
    Collections.sort(kept);
    if (duplicates > 0) {
      notices.add(
          "Exact duplicates among the training images, left out: %d.".formatted(duplicates));
    }
    if (contradictory > 0) {
      notices.add(
          "Training images that are equal to the last pixel under different findings, all left"
              + " out: %d. 'audit' names them.".formatted(contradictory));
    }
    return new ImageStore(
        index.withXrays(kept.stream().map(xrays::get).toList(), notices),
        side,
        cache,
        kept.stream().map(cachePositions::get).toList());
  }

  /** The X-rays that are left, in the order of the catalogue they come from. */
  public DatasetIndex index() {
    return index;
  }

  /** Width and height of every image, in pixels. */
  public int side() {
    return side;
  }

  /**
   * Identifies the images and findings of a split, whatever the files are called: SHA-256 over the
   * sorted pairs of pixel hash and finding, as hex digits.
   */
  public String fingerprint(Split split) {
    return fingerprint(EnumSet.of(split));
  }

  /** The same over the images of several splits together. */
  public String fingerprint(Set<Split> splits) {
    MessageDigest digest = Sha256.newDigest();
    indices(splits).stream()
        .map(i -> cache.hash(cachePositions.get(i)) + " " + index.xrays().get(i).finding() + "\n")
        .sorted()
        .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Indices into {@link DatasetIndex#xrays()} of the X-rays of some splits. */
  List<Integer> indices(Set<Split> splits) {
    List<Xray> xrays = index.xrays();
    return IntStream.range(0, xrays.size())
        .filter(i -> splits.contains(xrays.get(i).split()))
        .boxed()
        .toList();
  }

  /** One image through the augmenter: (1, side, side) float32 in [0, 1], row-major. */
  float[] augmentedPixels(int index, Augmenter augmenter, long seed) {
    return augmenter.apply(image(index), seed);
  }

  /**
   * One image as it is, of the catalogue's side.
   *
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public GrayImage image(int index) {
    return cache.image(cachePositions.get(index));
  }

  /** Columns times rows of an image as it is stored. */
  long originalPixelCount(int index) {
    return cache.originalPixelCount(cachePositions.get(index));
  }

  /** Training and validation images by their pixels; each test image on its own. */
  private static List<List<Integer>> groupByPixels(List<Xray> xrays, IntFunction<String> hash) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < xrays.size(); i++) {
      String key = xrays.get(i).split() == Split.TEST ? "test " + i : hash.apply(i);
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }

  private static boolean haveCompatibleFindings(List<Integer> group, List<Xray> xrays) {
    List<Finding> findings = group.stream().map(i -> xrays.get(i).finding()).distinct().toList();
    return findings.stream().allMatch(one -> findings.stream().allMatch(one::isCompatibleWith));
  }
}
