package dev.cxr.eval.figures;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Ranking;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.prediction.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a way to answer that looks at no lung achieves on the same pictures.
 *
 * @param name what it goes by
 * @param direction which way round it answers, and how that was found
 * @param auroc with DeLong's interval
 * @param modelLeads the model's area less this one, by DeLong's test
 */
public record Baseline(
    String name, String direction, Estimate auroc, Optional<DeLongTest> modelLeads) {

  static List<Baseline> of(Rows judged, Rows validation) {
    List<Baseline> baselines = new ArrayList<>();
    for (Trait trait : Trait.values()) {
      if (trait.isLearned() && judged.by(trait).isEmpty()) {
        continue; // was not tried
      }
      baselines.add(of(trait, judged, validation));
    }
    return List.copyOf(baselines);
  }

  /** The same without a look at the model: it tells how far the sources can be told apart. */
  Baseline apart() {
    return new Baseline(name, direction, auroc, Optional.empty());
  }

  private static Baseline of(Trait trait, Rows judged, Rows validation) {
    Optional<LabelledScores> own = judged.by(trait);
    if (own.isEmpty()) {
      return undefined(trait, "not every picture has a file of its own");
    }
    if (trait.isLearned()) {
      return judge(trait, "learned on train", own.get(), judged);
    }
    Estimate onValidation =
        validation
            .by(trait)
            .map(scores -> Ranking.of(scores).auroc())
            .orElse(new Estimate.Undefined("not every picture has a file of its own"));
    if (onValidation instanceof Estimate.Undefined none) {
      return undefined(
          trait, "validation does not tell which way round it answers: " + none.reason());
    }
    boolean greater = ((Estimate.Defined) onValidation).value() >= 0.5;
    String direction = greater ? "greater is positive" : "smaller is positive";
    LabelledScores turned = greater ? own.get() : own.get().changed(value -> -value);
    return judge(trait, direction + ", as on validation", turned, judged);
  }

  private static Baseline judge(Trait trait, String direction, LabelledScores own, Rows judged) {
    return new Baseline(
        trait.title(),
        direction,
        Ranking.of(own).auroc(),
        Optional.of(DeLongTest.of(judged.scores(), own)));
  }

  private static Baseline undefined(Trait trait, String reason) {
    return new Baseline(trait.title(), "", new Estimate.Undefined(reason), Optional.empty());
  }
}
