package dev.cxr.eval;

import static dev.cxr.eval.FigureText.plain;
import static dev.cxr.eval.FigureText.withInterval;

import dev.cxr.data.audit.AuditIssue;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.RobustnessMetrics;
import dev.cxr.eval.evaluation.ValidationMetrics;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.SiteCalibration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reader should know before believing the figures, the gravest first. */
final class Reservations {

  /** An AUROC from which on something that sees no lung is worth a warning. */
  private static final double SUSPICIOUS = 0.7;

  /** What no model can know of a picture. */
  private static final double IMPOSSIBLE = 1e-6;

  /** Of pictures like those of training 5 % are rejected. */
  private static final double MANY_REJECTED = 0.1;

  /**
   * One of them.
   *
   * @param level a class of the style sheet: error, warning or notice
   * @param word before it
   * @param text a sentence
   */
  record Reservation(String level, String word, String text) {}

  private final List<Reservation> errors = new ArrayList<>();
  private final List<Reservation> warnings = new ArrayList<>();
  private final List<Reservation> notices = new ArrayList<>();

  private Reservations() {}

  static List<Reservation> of(Evaluation evaluation) {
    Reservations all = new Reservations();
    all.collection(
        evaluation.data(), List.of(evaluation.bundle()), evaluation.split(), evaluation.patients());
    all.origin(evaluation);
    all.leakage(evaluation);
    all.transfer(evaluation);
    all.baselines(evaluation.figures());
    all.robustness(evaluation.figures());
    all.distances(evaluation.figures());
    all.calibration(evaluation.figures());
    all.sureAndWrong(evaluation);
    return all.ordered();
  }

  static List<Reservation> of(Comparing comparing) {
    Reservations all = new Reservations();
    all.notice(
        "Who compares many bundles on one split and takes the best has chosen on it: its figures then flatter.");
    all.collection(comparing.data(), comparing.bundles(), comparing.split(), comparing.patients());
    return all.ordered();
  }

  private List<Reservation> ordered() {
    List<Reservation> ordered = new ArrayList<>(errors);
    ordered.addAll(warnings);
    ordered.addAll(notices);
    return List.copyOf(ordered);
  }

  /** What was judged, whoever is judged on it. */
  private void collection(DatasetIndex data, List<Bundle> bundles, Split split, long patients) {
    if (data.synthetic() || bundles.stream().anyMatch(b -> b.manifest().data().synthetic())) {
      error(
          "The built-in synthetic sample is part of this: it shows that the software works, nothing about medicine.");
    }
    if (split != Split.TEST) {
      error(
          "The %s split was judged: what was chosen or learned on it flatters itself."
              .formatted(split));
    }
    if (patients < 2) {
      warn("All pictures are of one patient: nothing is known of others.");
    }
    data.notices().stream()
        .filter(text -> !text.equals(DatasetIndex.SYNTHETIC_NOTICE)) // an error says it already
        .forEach(this::notice);
  }

  /** How what was judged and what chose go together. */
  private void origin(Evaluation e) {
    SiteCalibration calibration = e.bundle().manifest().calibration();
    if (calibration != null) {
      warn(calibration.notice() + " Tell its figures apart.");
    }
    if (e.settings().classSources() == ClassSources.SEPARATE) {
      warn(
          "The classes come from different sources: whatever tells the sources apart tells the classes apart. Sensitivity and false-positive rate are of one source each.");
    }
    if (e.developedOn().isPresent()) {
      notice(
          "Another collection than the bundle learned from is judged; what was chosen or learned comes from %s."
              .formatted(e.developedOn().get()));
    }
    if (e.validation().isEmpty()) {
      notice("There are no validation pictures: no other threshold and no temperature was chosen.");
    } else if (!e.validationIsTheBundles()) {
      notice("The validation pictures are not exactly those that the bundle was chosen on.");
    }
  }

  private void leakage(Evaluation e) {
    if (e.leakage().isEmpty()) {
      notice(
          "The collection was not audited and no change to the pictures tried (--no-robustness).");
      return;
    }
    for (AuditIssue concern : e.leakage().orElseThrow().concerns()) {
      if (concern.severity() == AuditIssue.Severity.ERROR) {
        error("Audit: " + concern.text());
      }
    }
  }

  /** What the same model promised on validation beside what it gives. */
  private void transfer(Evaluation e) {
    ValidationMetrics promised = e.figures().validation().orElse(null);
    if (promised == null) {
      return;
    }
    BinaryMetrics found = e.figures().binary();
    transfer("The ranking", "AUROC", promised.auroc(), found.auroc());
    if (e.bundle().manifest().calibration() == null) { // else the threshold is the site's
      transfer("The threshold", "sensitivity", promised.recall(), found.recall());
      transfer("The threshold", "specificity", promised.specificity(), found.specificity());
    }
  }

  private void transfer(String what, String name, Estimate promised, Estimate found) {
    Interval before = interval(promised);
    Interval now = interval(found);
    if (before != null && now != null && now.high() < before.low()) {
      warn(
          "%s does not hold what it promised: %s was %s on validation and is %s here."
              .formatted(what, name, withInterval(promised), withInterval(found)));
    }
  }

  private void baselines(EvaluationMetrics figures) {
    for (BaselineMetrics baseline : figures.baselines()) {
      Interval own = interval(baseline.auroc());
      if (own != null && own.low() > 0.5 && value(baseline.auroc()) >= SUSPICIOUS) {
        Interval lead =
            baseline.modelAdvantage().map(test -> interval(test.difference())).orElse(null);
        String compared =
            baseline.modelAdvantage().isEmpty()
                ? "it tells the sources of the classes apart"
                : lead != null && lead.low() > 0
                    ? "the model is better"
                    : "the model is not shown to be better";
        warn(
            "Without a look at a lung an AUROC of %s is reached (%s); %s."
                .formatted(withInterval(baseline.auroc()), baseline.name(), compared));
      }
    }
  }

  private void robustness(EvaluationMetrics figures) {
    for (RobustnessMetrics change : figures.robustness()) {
      Interval own = interval(change.auroc());
      Interval difference = interval(change.difference().difference());
      if (change.hidesLungs()) {
        if (own != null && own.low() > 0.5 && value(change.auroc()) >= SUSPICIOUS) {
          warn(
              "With the lungs hidden (%s) the model still reaches an AUROC of %s: it looks at something else too."
                  .formatted(change.perturbation(), withInterval(change.auroc())));
        }
      } else if (difference != null && difference.high() < -0.05) {
        warn(
            "The AUROC falls to %s under: %s."
                .formatted(withInterval(change.auroc()), change.perturbation()));
      }
    }
  }

  private void calibration(EvaluationMetrics figures) {
    Estimate slope = figures.calibration().before().regression().slope();
    Interval interval = interval(slope);
    if (interval != null && (interval.high() < 1 || interval.low() > 1)) {
      warn(
          "Probabilities are not to be taken at their word: the calibration slope is %s, and %s."
              .formatted(
                  withInterval(slope),
                  value(slope) < 1 ? "they are too extreme" : "they are too timid"));
    }
    Estimate inTheLarge = figures.calibration().before().regression().inTheLarge();
    if (inTheLarge instanceof Estimate.Undefined) {
      notice("Calibration could not be judged: %s.".formatted(plain(inTheLarge)));
    }
  }

  /** Where a network leaves the range of what it learned on, its answers may be boundless. */
  private void sureAndWrong(Evaluation e) {
    LabelledScores scores = EvaluationMetrics.scores(e.settings().task(), e.judged());
    int wrong = 0;
    for (int i = 0; i < scores.size(); i++) {
      double own = scores.isPositive(i) ? scores.score(i) : 1 - scores.score(i);
      wrong += own < IMPOSSIBLE ? 1 : 0;
    }
    if (wrong > 0) {
      warn(
          "Absurdly sure and wrong: to %d of %d pictures the model gives less than one chance in a million of being what they are."
              .formatted(wrong, scores.size()));
    }
  }

  private void distances(EvaluationMetrics figures) {
    if (figures.outOfDistribution().isPresent()) {
      Estimate rejected = figures.outOfDistribution().get().rejected();
      Interval own = interval(rejected);
      if (own != null && own.low() > MANY_REJECTED) {
        warn(
            "Many pictures are unlike those of training: a share of %s lies further from them than 95 %% of validation does."
                .formatted(withInterval(rejected)));
      }
    }
  }

  private static double value(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.value() : 0;
  }

  private static @Nullable Interval interval(Estimate estimate) {
    return estimate instanceof Estimate.Defined defined ? defined.bestInterval() : null;
  }

  private void error(String text) {
    errors.add(new Reservation("error", "Error", text));
  }

  private void warn(String text) {
    warnings.add(new Reservation("warning", "Warning", text));
  }

  private void notice(String text) {
    notices.add(new Reservation("notice", "Note", text));
  }
}
