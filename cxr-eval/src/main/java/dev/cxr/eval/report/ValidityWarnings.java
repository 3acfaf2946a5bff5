package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.plain;
import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.data.audit.AuditIssue;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
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
final class ValidityWarnings {

  /** An AUROC from which on something that sees no lung is worth a warning. */
  private static final double SUSPICIOUS_AUROC = 0.7;

  /** What no model can know of a picture. */
  private static final double OVERCONFIDENT_ERROR = 1e-6;

  /** Of pictures like those of training 5 % are rejected. */
  private static final double HIGH_REJECTION_RATE = 0.1;

  /**
   * One of them.
   *
   * @param level a class of the style sheet: error, warning or notice
   * @param label before it
   * @param text a sentence
   */
  record Message(String level, String label, String text) {}

  private final List<Message> errors = new ArrayList<>();
  private final List<Message> warnings = new ArrayList<>();
  private final List<Message> notices = new ArrayList<>();

  private ValidityWarnings() {}

  static List<Message> of(Evaluation evaluation) {
    ValidityWarnings result = new ValidityWarnings();
    result.addData(
        evaluation.data(), List.of(evaluation.bundle()), evaluation.split(), evaluation.patients());
    result.addDataOrigin(evaluation);
    result.addLeakage(evaluation);
    result.addValidationGap(evaluation);
    result.addBaselines(evaluation.metrics());
    result.addRobustness(evaluation.metrics());
    result.addOutOfDistribution(evaluation.metrics());
    result.addCalibration(evaluation.metrics());
    result.addOverconfidentErrors(evaluation);
    return result.ordered();
  }

  static List<Message> of(ComparisonRun run) {
    ValidityWarnings result = new ValidityWarnings();
    result.notice(
        "Who compares many bundles on one split and takes the best has chosen on it: its figures then flatter.");
    result.addData(run.data(), run.bundles(), run.split(), run.patients());
    return result.ordered();
  }

  private List<Message> ordered() {
    List<Message> ordered = new ArrayList<>(errors);
    ordered.addAll(warnings);
    ordered.addAll(notices);
    return List.copyOf(ordered);
  }

  /** What was judged, whoever is judged on it. */
  private void addData(DatasetIndex data, List<Bundle> bundles, Split split, long patients) {
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
  private void addDataOrigin(Evaluation e) {
    SiteCalibration calibration = e.bundle().manifest().calibration();
    if (calibration != null) {
      warn(calibration.notice() + " Tell its figures apart.");
    }
    if (e.settings().classSources() == ClassSources.SEPARATE) {
      warn(
          "The classes come from different sources: whatever tells the sources apart tells the classes apart. Sensitivity and false-positive rate are of one source each.");
    }
    if (e.developmentDataset().isPresent()) {
      notice(
          "Another collection than the bundle learned from is judged; what was chosen or learned comes from %s."
              .formatted(e.developmentDataset().get()));
    }
    if (e.validationPredictions().isEmpty()) {
      notice("There are no validation pictures: no other threshold and no temperature was chosen.");
    } else if (!e.validationMatchesBundle()) {
      notice("The validation pictures are not exactly those that the bundle was chosen on.");
    }
  }

  private void addLeakage(Evaluation e) {
    if (e.leakage().isEmpty()) {
      notice(
          "The collection was not audited and no change to the pictures tried (--no-robustness).");
      return;
    }
    for (AuditIssue concern : e.leakage().orElseThrow().issues()) {
      if (concern.severity() == AuditIssue.Severity.ERROR) {
        error("Audit: " + concern.text());
      }
    }
  }

  /** What the same model promised on validation beside what it gives. */
  private void addValidationGap(Evaluation e) {
    ValidationMetrics validation = e.metrics().validation().orElse(null);
    if (validation == null) {
      return;
    }
    BinaryMetrics here = e.metrics().binary();
    addValidationGap("The ranking", "AUROC", validation.auroc(), here.auroc());
    if (e.bundle().manifest().calibration() == null) { // else the threshold is the site's
      addValidationGap("The threshold", "sensitivity", validation.recall(), here.recall());
      addValidationGap(
          "The threshold", "specificity", validation.specificity(), here.specificity());
    }
  }

  private void addValidationGap(String subject, String name, Estimate validation, Estimate here) {
    Interval before = interval(validation);
    Interval now = interval(here);
    if (before != null && now != null && now.high() < before.low()) {
      warn(
          "%s does not hold what it promised: %s was %s on validation and is %s here."
              .formatted(subject, name, withInterval(validation), withInterval(here)));
    }
  }

  private void addBaselines(EvaluationMetrics metrics) {
    for (BaselineMetrics baseline : metrics.baselines()) {
      Interval own = interval(baseline.auroc());
      if (own != null && own.low() > 0.5 && value(baseline.auroc()) >= SUSPICIOUS_AUROC) {
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

  private void addRobustness(EvaluationMetrics metrics) {
    for (RobustnessMetrics perturbation : metrics.robustness()) {
      Interval own = interval(perturbation.auroc());
      Interval difference = interval(perturbation.difference().difference());
      if (perturbation.hidesLungs()) {
        if (own != null && own.low() > 0.5 && value(perturbation.auroc()) >= SUSPICIOUS_AUROC) {
          warn(
              "With the lungs hidden (%s) the model still reaches an AUROC of %s: it looks at something else too."
                  .formatted(perturbation.perturbation(), withInterval(perturbation.auroc())));
        }
      } else if (difference != null && difference.high() < -0.05) {
        warn(
            "The AUROC falls to %s under: %s."
                .formatted(withInterval(perturbation.auroc()), perturbation.perturbation()));
      }
    }
  }

  private void addCalibration(EvaluationMetrics metrics) {
    Estimate slope = metrics.calibration().before().regression().slope();
    Interval interval = interval(slope);
    if (interval != null && (interval.high() < 1 || interval.low() > 1)) {
      warn(
          "Probabilities are not to be taken at their word: the calibration slope is %s, and %s."
              .formatted(
                  withInterval(slope),
                  value(slope) < 1 ? "they are too extreme" : "they are too timid"));
    }
    Estimate inTheLarge = metrics.calibration().before().regression().inTheLarge();
    if (inTheLarge instanceof Estimate.Undefined) {
      notice("Calibration could not be judged: %s.".formatted(plain(inTheLarge)));
    }
  }

  /** Where a network leaves the range of what it learned on, its answers may be boundless. */
  private void addOverconfidentErrors(Evaluation e) {
    LabelledScores scores = EvaluationMetrics.scores(e.settings().task(), e.evaluatedPredictions());
    int wrong = 0;
    for (int i = 0; i < scores.size(); i++) {
      double own = scores.isPositive(i) ? scores.score(i) : 1 - scores.score(i);
      wrong += own < OVERCONFIDENT_ERROR ? 1 : 0;
    }
    if (wrong > 0) {
      warn(
          "Absurdly sure and wrong: to %d of %d pictures the model gives less than one chance in a million of being what they are."
              .formatted(wrong, scores.size()));
    }
  }

  private void addOutOfDistribution(EvaluationMetrics metrics) {
    if (metrics.outOfDistribution().isPresent()) {
      Estimate rejected = metrics.outOfDistribution().get().rejected();
      Interval own = interval(rejected);
      if (own != null && own.low() > HIGH_REJECTION_RATE) {
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
    errors.add(new Message("error", "Error", text));
  }

  private void warn(String text) {
    warnings.add(new Message("warning", "Warning", text));
  }

  private void notice(String text) {
    notices.add(new Message("notice", "Note", text));
  }
}
