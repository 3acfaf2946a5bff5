package dev.cxr.data.audit;

import dev.cxr.data.catalogue.Split;
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
 * Pictures that look the same without being equal: one stored anew, resized, brightened.
 *
 * <p>Two pictures are taken for one if the hashes of their thumbnails differ in at most {@value
 * #DISTANCE} of 64 bits, which is quick to tell, and the thumbnails correlate by at least {@value
 * #CORRELATION}, which decides. The limits were chosen on the 5,533 X-rays of Kermany's collection
 * at 224x224, which all look alike. Of their 15 million pairs 0.3 % pass the hash; of those that
 * are not equal the closest, two views of one patient, correlates by 0.980, the closest of two
 * patients by 0.978, and 45 of two patients reach 0.97. Of 500 of them altered, all are found again
 * when stored as JPEG of quality 10, resized to 112x112 or 90x70, brightened by 30, or of gamma 0.7
 * or 1.4; 499 when of contrast 1.3 or turned by 1 degree; 494 when cropped by 1 % a side, but 157
 * when cropped by 2 %. Copies that are cropped by more, turned further, mirrored or inverted are
 * not found.
 *
 * @param distance the limit of the hashes, in bits
 * @param correlation the limit of the thumbnails
 * @param intoTest how many pairs have one picture in test and the other not
 * @param trainAndValidation how many have one in train and the other in validation
 * @param oneSplit how many have both in one split
 * @param conflicts in how many the findings are different
 * @param pairs the first {@value #KEPT} of them, by spread, then the most alike first
 */
public record NearDuplicates(
    int distance,
    double correlation,
    long intoTest,
    long trainAndValidation,
    long oneSplit,
    long conflicts,
    List<Pair> pairs) {

  private static final int DISTANCE = 12;
  private static final double CORRELATION = 0.985;
  private static final int KEPT = 1000;

  /**
   * Two pictures that look the same.
   *
   * @param first the one that stands first in the catalogue
   * @param second the other
   * @param correlation of their thumbnails
   * @param spread where they stand
   * @param findings whether they are said to show the same
   */
  public record Pair(
      Picture first, Picture second, double correlation, Spread spread, Agreement findings) {

    /** Whether the collection gives them one patient key. */
    public boolean ofOnePatient() {
      return first.patient().equals(second.patient());
    }
  }

  /** All pairs are compared; equal pictures stand for one. */
  static NearDuplicates among(List<PictureFacts> facts) {
    List<PictureFacts> unequal = withoutEqual(facts);
    Found found =
        IntStream.range(0, unequal.size())
            .parallel()
            .collect(Found::new, (f, i) -> f.addPairsOf(i, unequal), Found::addAll);
    List<Pair> pairs = new ArrayList<>(found.kept);
    pairs.sort(Found.ORDER);
    return new NearDuplicates(
        DISTANCE,
        CORRELATION,
        found.count(Spread.INTO_TEST),
        found.count(Spread.TRAIN_AND_VALIDATION),
        found.count(Spread.ONE_SPLIT),
        found.conflicts,
        pairs);
  }

  /** One of each group of equal pictures in each split. */
  private static List<PictureFacts> withoutEqual(List<PictureFacts> facts) {
    Set<String> seen = new HashSet<>();
    return facts.stream().filter(f -> seen.add(f.xray().split() + f.pixelHash())).toList();
  }

  /** Counts all and keeps a bounded number, the same ones in whatever order they are added. */
  private static final class Found {
    static final Comparator<Pair> ORDER =
        Comparator.comparing(Pair::spread)
            .thenComparing(Comparator.comparingDouble(Pair::correlation).reversed())
            .thenComparing(pair -> pair.first().id())
            .thenComparing(pair -> pair.second().id());

    final Map<Spread, Long> counts = new EnumMap<>(Spread.class);
    long conflicts;
    final PriorityQueue<Pair> kept = new PriorityQueue<>(ORDER.reversed());

    void addPairsOf(int index, List<PictureFacts> facts) {
      PictureFacts first = facts.get(index);
      for (PictureFacts second : facts.subList(index + 1, facts.size())) {
        if (first.thumbnail().distance(second.thumbnail()) > DISTANCE
            || first.pixelHash().equals(second.pixelHash())) {
          continue;
        }
        double correlation = first.thumbnail().correlation(second.thumbnail());
        if (correlation >= CORRELATION) {
          Pair pair = pair(first, second, correlation);
          counts.merge(pair.spread(), 1L, Long::sum);
          conflicts += pair.findings() == Agreement.CONFLICT ? 1 : 0;
          keep(pair);
        }
      }
    }

    void addAll(Found other) {
      other.counts.forEach((spread, count) -> counts.merge(spread, count, Long::sum));
      conflicts += other.conflicts;
      other.kept.forEach(this::keep);
    }

    long count(Spread spread) {
      return counts.getOrDefault(spread, 0L);
    }

    private void keep(Pair pair) {
      kept.add(pair);
      if (kept.size() > KEPT) {
        kept.remove();
      }
    }

    private static Pair pair(PictureFacts first, PictureFacts second, double correlation) {
      Set<Split> splits = Set.copyOf(List.of(first.xray().split(), second.xray().split()));
      return new Pair(
          Picture.of(first.xray()),
          Picture.of(second.xray()),
          correlation,
          Spread.of(splits),
          Agreement.of(Set.copyOf(List.of(first.xray().finding(), second.xray().finding()))));
    }
  }
}
