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
 * The X-rays of a dataset with their pixels.
 *
 * <p>Of training and validation images with identical pixels only the first is kept, so that none
 * is in both splits. If their findings contradict each other, all are excluded.
 *
 * @since 0.1
 */
public final class ImageStore {

  private final DatasetIndex index;
  private final int side;
  private final PixelCache cache;

  /** The position in the cache of each X-ray of the index. */
  private final List<Integer> cachePositions;

  private ImageStore(DatasetIndex index, int side, PixelCache cache, List<Integer> cachePositions) {
    this.index = index;
    this.side = side;
    this.cache = cache;
    this.cachePositions = cachePositions;
  }

  /**
   * Decodes the X-rays of some splits, or reads their pixels from the cache.
   *
   * @param index of the dataset
   * @param splits to decode
   * @param side width and height to which every image is resized, in pixels
   * @return the images of these splits
   * @throws dev.cxr.common.cli.UserErrorException if any of them cannot be decoded
   * @throws IOException if the cache folder cannot be written
   */
  public static ImageStore open(DatasetIndex index, Set<Split> splits, int side)
      throws IOException {
    List<Xray> xrays = xrays(index, splits);
    List<Integer> cachePositions = IntStream.range(0, xrays.size()).boxed().toList();
    return deduplicated(index, side, PixelCache.openOrCreate(xrays, side), xrays, cachePositions);
  }

  /**
   * Decodes all X-rays of a dataset that is evaluated as a whole, without excluding duplicates.
   *
   * @param index of the dataset
   * @param side width and height to which every image is resized, in pixels
   * @return all images
   * @throws dev.cxr.common.cli.UserErrorException if any of them cannot be decoded
   * @throws IOException if the cache folder cannot be written
   */
  public static ImageStore openAll(DatasetIndex index, int side) throws IOException {
    List<Xray> xrays = index.xrays();
    List<Integer> cachePositions = IntStream.range(0, xrays.size()).boxed().toList();
    return new ImageStore(index, side, PixelCache.openOrCreate(xrays, side), cachePositions);
  }

  /**
   * Applies other splits or findings to the same pixels, without decoding or reading them.
   *
   * @param newIndex X-rays whose ids are in this index
   * @param splits to keep
   * @return the images of these splits
   */
  public ImageStore withIndex(DatasetIndex newIndex, Set<Split> splits) {
    Map<String, Integer> cachePositionById = new HashMap<>();
    for (int i = 0; i < cachePositions.size(); i++) {
      cachePositionById.put(index.xrays().get(i).id(), cachePositions.get(i));
    }
    List<Xray> xrays = xrays(newIndex, splits);
    return deduplicated(
        newIndex,
        side,
        cache,
        xrays,
        xrays.stream().map(x -> cachePositionById.get(x.id())).toList());
  }

  private static List<Xray> xrays(DatasetIndex index, Set<Split> splits) {
    return index.xrays().stream().filter(x -> splits.contains(x.split())).toList();
  }

  private static ImageStore deduplicated(
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
      if (Finding.areCompatible(group.stream().map(i -> xrays.get(i).finding()).toList())) {
        kept.add(group.get(0));
        duplicates += group.size() - 1;
      } else {
        contradictory += group.size();
      }
    }
    Collections.sort(kept);
    if (duplicates > 0) {
      notices.add("Exact duplicates excluded from the training images: %d.".formatted(duplicates));
    }
    if (contradictory > 0) {
      notices.add(
          "Training images excluded because identical ones have another finding: %d; see 'audit'."
              .formatted(contradictory));
    }
    return new ImageStore(
        index.withXrays(kept.stream().map(xrays::get).toList(), notices),
        side,
        cache,
        kept.stream().map(cachePositions::get).toList());
  }

  /** {@return the X-rays that are kept, in their original order} */
  public DatasetIndex index() {
    return index;
  }

  /** {@return width and height of every image, in pixels} */
  public int side() {
    return side;
  }

  /**
   * Computes a fingerprint of the images and findings of a split, independent of file names.
   *
   * @param split of this store
   * @return SHA-256 over the sorted pairs of pixel hash and finding, as hex digits
   */
  public String fingerprint(Split split) {
    return fingerprint(EnumSet.of(split));
  }

  /**
   * {@return the fingerprint of several splits together}
   *
   * @param splits of this store
   */
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
   * Reads an image.
   *
   * @param index into the X-rays of {@link #index()}
   * @return the image, resized to (side, side)
   * @throws java.io.UncheckedIOException if it cannot be read
   */
  public GrayImage image(int index) {
    return cache.image(cachePositions.get(index));
  }

  /** Columns times rows of an image at its original size. */
  long originalPixelCount(int index) {
    return cache.originalPixelCount(cachePositions.get(index));
  }

  /** Groups training and validation images by their pixels; each test image is a group. */
  private static List<List<Integer>> groupByPixels(List<Xray> xrays, IntFunction<String> hash) {
    Map<String, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < xrays.size(); i++) {
      String key = xrays.get(i).split() == Split.TEST ? "test " + i : hash.apply(i);
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(i);
    }
    return List.copyOf(groups.values());
  }
}
