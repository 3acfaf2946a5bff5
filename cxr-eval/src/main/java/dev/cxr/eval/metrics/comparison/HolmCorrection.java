package dev.cxr.eval.metrics.comparison;

import dev.cxr.eval.metrics.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction of several p-values (S. Holm, "A simple sequentially rejective
 * multiple test procedure", Scandinavian Journal of Statistics 6, 1979). It controls the
 * family-wise error rate for any dependence between the tests and is never less powerful than
 * Bonferroni's.
 */
public final class HolmCorrection {

  private HolmCorrection() {}

  /**
   * {@return the corrected p-values, at most 1, in the same order}
   *
   * @param p the p-values of all tests; undefined ones stay undefined and are not counted
   */
  public static List<Estimate> correct(List<Estimate> p) {
    List<Integer> ascending =
        IntStream.range(0, p.size())
            .filter(i -> p.get(i) instanceof Estimate.Defined)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p.get(i).valueOr(0)))
            .toList();
    List<Estimate> corrected = new ArrayList<>(p);
    double highest = 0;
    for (int rank = 0; rank < ascending.size(); rank++) {
      Estimate.Defined own = (Estimate.Defined) p.get(ascending.get(rank));
      highest = Math.max(highest, Math.min(1, own.value() * (ascending.size() - rank)));
      corrected.set(ascending.get(rank), new Estimate.Defined(highest, own.n()));
    }
    return List.copyOf(corrected);
  }
}
