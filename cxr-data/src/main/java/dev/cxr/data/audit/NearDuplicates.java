package dev.cxr.data.audit;

import dev.cxr.data.index.Split;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Images that are nearly identical: one is a resized, brightened or recompressed copy of the other.
 *
 * <p>Two images are near duplicates if the hashes of their thumbnails differ in at most {@value
 * #MAX_HASH_DISTANCE} of 64 bits, a fast check, and the thumbnails correlate by at least {@value
 * #MIN_CORRELATION}, which decides. The limits were chosen on 5,533 X-rays of Kermany's dataset at
 * 224x224. Of their 15 million pairs 0.3 % pass the hash; of those that are not equal the closest,
 * two views of one patient, correlates by 0.980, the closest of two patients by 0.978, and 45 of
 * two patients reach 0.97. Of 500 of them altered, all are found again when stored as JPEG of
 * quality 10, resized to 112x112 or 90x70, brightened by 30, or of gamma 0.7 or 1.4; 499 when of
 * contrast 1.3 or turned by 1 degree; 494 when cropped by 1 % a side, but 157 when cropped by 2 %.
 * Copies that are cropped by more, turned further, mirrored or inverted are not found.
 *
 * @param hashDistance the maximum distance of the hashes, in bits
 * @param correlation the minimum correlation of the thumbnails
 * @param trainingAndTest the number of pairs with one image in test and one in train or validation
 * @param trainAndValidation the number of pairs with one image in train and one in validation
 * @param sameSplit the number of pairs within one split
 * @param labelConflicts the number of pairs with conflicting labels
 * @param pairs the first {@value #MAX_PAIRS} pairs, by split overlap, then by descending
 *     correlation
 */
public record NearDuplicates(
    int hashDistance,
    double correlation,
    long trainingAndTest,
    long trainAndValidation,
    long sameSplit,
    long labelConflicts,
    List<Pair> pairs) {

  private static final int MAX_HASH_DISTANCE = 12;
  private static final double MIN_CORRELATION = 0.985;
  private static final int MAX_PAIRS = 1000;

  /**
   * Two nearly identical images.
   *
   * @param first the image that comes first in the dataset
   * @param second the other image
   * @param correlation of their thumbnails
   * @param splitOverlap the splits they belong to
   * @param labelAgreement whether their labels agree
   */
  public record Pair(
      AuditedImage first,
      AuditedImage second,
      double correlation,
      SplitOverlap splitOverlap,
      LabelAgreement labelAgreement) {

    /** {@return whether both have the same patient key} */
    public boolean isSamePatient() {
      return first.patient().equals(second.patient());
    }
  }

  /** Compares all pairs; identical images of a split count once. */
  static NearDuplicates findIn(List<ImageProperties> images) {
    List<ImageProperties> distinct = withoutExactDuplicates(images);
    PairCollector collector =
        IntStream.range(0, distinct.size())
            .parallel()
            .collect(
                PairCollector::new, (f, i) -> f.addPairsOf(i, distinct), PairCollector::addAll);
    List<Pair> pairs = new ArrayList<>(collector.kept);
    pairs.sort(PairCollector.ORDER);
    return new NearDuplicates(
        MAX_HASH_DISTANCE,
        MIN_CORRELATION,
        collector.count(SplitOverlap.TRAINING_AND_TEST),
        collector.count(SplitOverlap.TRAIN_AND_VALIDATION),
        collector.count(SplitOverlap.SAME_SPLIT),
        collector.labelConflicts,
        pairs);
  }

  private static List<ImageProperties> withoutExactDuplicates(List<ImageProperties> images) {
    Set<String> seen = new HashSet<>();
    return images.stream().filter(f -> seen.add(f.xray().split() + f.pixelHash())).toList();
  }

  /** Counts all pairs and keeps the first {@value #MAX_PAIRS}, whatever their order. */
  private static final class PairCollector {
    static final Comparator<Pair> ORDER =
        Comparator.comparing(Pair::splitOverlap)
            .thenComparing(Comparator.comparingDouble(Pair::correlation).reversed())
            .thenComparing(pair -> pair.first().id())
            .thenComparing(pair -> pair.second().id());

    final Map<SplitOverlap, Long> counts = new EnumMap<>(SplitOverlap.class);
    long labelConflicts;
    final PriorityQueue<Pair> kept = new PriorityQueue<>(ORDER.reversed());

    void addPairsOf(int index, List<ImageProperties> facts) {
      ImageProperties first = facts.get(index);
      for (ImageProperties second : facts.subList(index + 1, facts.size())) {
        if (first.thumbnail().hashDistance(second.thumbnail()) > MAX_HASH_DISTANCE
            || first.pixelHash().equals(second.pixelHash())) {
          continue;
        }
        double correlation = first.thumbnail().correlation(second.thumbnail());
        if (correlation >= MIN_CORRELATION) {
          Pair pair = pair(first, second, correlation);
          counts.merge(pair.splitOverlap(), 1L, Long::sum);
          labelConflicts += pair.labelAgreement() == LabelAgreement.CONFLICT ? 1 : 0;
          keep(pair);
        }
      }
    }

    void addAll(PairCollector other) {
      other.counts.forEach((spread, count) -> counts.merge(spread, count, Long::sum));
      labelConflicts += other.labelConflicts;
      other.kept.forEach(this::keep);
    }

    long count(SplitOverlap spread) {
      return counts.getOrDefault(spread, 0L);
    }

    private void keep(Pair pair) {
      kept.add(pair);
      if (kept.size() > MAX_PAIRS) {
        kept.remove();
      }
    }

    private static Pair pair(ImageProperties first, ImageProperties second, double correlation) {
      Set<Split> splits = Set.copyOf(List.of(first.xray().split(), second.xray().split()));
      return new Pair(
          AuditedImage.of(first.xray()),
          AuditedImage.of(second.xray()),
          correlation,
          SplitOverlap.of(splits),
          LabelAgreement.of(Set.copyOf(List.of(first.xray().finding(), second.xray().finding()))));
    }
  }
}
