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
import dev.cxr.eval.evaluation.OutOfDistributionMetrics;
import dev.cxr.eval.evaluation.RobustnessMetrics;
import dev.cxr.eval.evaluation.ValidationMetrics;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.engine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a reader must know before relying on the metrics: errors, then warnings, then notes. */
final class ValidityWarnings {

  /** AUROC from which a model or baseline that does not see the lungs is worth a warning. */
  private static final double SUSPICIOUS_AUROC = 0.7;

  /** Probability of the actual class below which an error is overconfident. */
  private static final double OVERCONFIDENT_ERROR = 1e-6;

  /** By construction 5 % of images like the training images are rejected. */
  private static final double HIGH_REJECTION_RATE = 0.1;

  /**
   * One of them.
   *
   * @param level a class of the style sheet: error, warning or notice
   * @param label shown before the text
   * @param text one or two sentences
   */
  record Message(String level, String label, String text) {}

  private final List<Message> messages = new ArrayList<>();

  private ValidityWarnings() {}

  static List<Message> of(Evaluation evaluation) {
    ValidityWarnings result = new ValidityWarnings();
    EvaluationMetrics metrics = evaluation.metrics();
    result.addData(evaluation.data(), List.of(evaluation.bundle()), evaluation.patients());
    if (evaluation.isOfDevelopment()) {
      result.addDevelopmentSplit(evaluation.split().toString());
    }
    result.addDataOrigin(evaluation);
    result.addLeakage(evaluation);
    result.addValidationGap(evaluation);
    result.addBaselines(metrics);
    result.addRobustness(metrics);
    result.addOutOfDistribution(metrics);
    result.addCalibration(metrics);
    result.addOverconfidentErrors(evaluation);
    return result.ordered();
  }

  static List<Message> of(ComparisonRun run) {
    ValidityWarnings result = new ValidityWarnings();
    result.notice("Choosing the best of several bundles on this split biases its metrics upwards.");
    result.addData(run.data(), run.bundles(), run.patients());
    if (run.split() != Split.TEST) {
      result.addDevelopmentSplit(run.split().toString());
    }
    return result.ordered();
  }

  private List<Message> ordered() {
    return Stream.of("error", "warning", "notice")
        .flatMap(level -> messages.stream().filter(message -> message.level.equals(level)))
        .toList();
  }

  private void addData(DatasetIndex data, List<Bundle> bundles, long patients) {
    if (data.synthetic() || bundles.stream().anyMatch(b -> b.manifest().data().synthetic())) {
      error(
          "The built-in synthetic sample is part of this: it shows that the software works, nothing about medicine.");
    }
    if (patients < 2) {
      warn("All images are of one patient: nothing is known about others.");
    }
    data.notices().stream()
        .filter(text -> !text.equals(DatasetIndex.SYNTHETIC_NOTICE)) // already an error
        .forEach(this::notice);
  }

  private void addDevelopmentSplit(String split) {
    error(
        "This is the %s split: the model was trained or tuned on it, so its metrics are biased upwards."
            .formatted(split));
  }

  /** How the evaluated images relate to those that the model was trained and tuned on. */
  private void addDataOrigin(Evaluation e) {
    if (Precision.current() != Precision.FLOAT32) {
      warn("Predicted with %s, not with the float32 of training.".formatted(Precision.current()));
    }
    SiteCalibration calibration = e.bundle().manifest().calibration();
    if (calibration != null) {
      warn(calibration.notice() + " Report its metrics separately.");
    }
    if (e.settings().classSources() == ClassSources.SEPARATE) {
      warn(
          "The classes come from different sources: anything that distinguishes the sources distinguishes the classes. Sensitivity and specificity are each of one source.");
    }
    if (e.developmentDataset().isPresent()) {
      notice(
          "These images are from another dataset than the training images; training and validation images come from %s."
              .formatted(e.developmentDataset().get()));
    }
    if (e.validationPredictions().isEmpty()) {
      notice(
          "Validation images are missing: only the bundle's own threshold and unscaled probabilities are reported.");
    } else if (!e.validationMatchesBundle()) {
      notice("The validation images are not exactly those that the bundle was tuned on.");
    }
  }

  private void addLeakage(Evaluation e) {
    if (e.leakage().isEmpty()) {
      notice("The dataset was not audited and robustness was not measured (--quick).");
      return;
    }
    e.leakage().orElseThrow().issues().stream()
        .filter(issue -> issue.severity() == AuditIssue.Severity.ERROR)
        .forEach(issue -> error("Audit: " + issue.text()));
  }

  /** Metrics that are clearly lower than on validation. */
  private void addValidationGap(Evaluation e) {
    ValidationMetrics validation = e.metrics().validation().orElse(null);
    BinaryMetrics here = e.metrics().binary();
    if (validation == null) {
      return;
    }
    addValidationGap("AUROC", validation.auroc(), here.auroc());
    if (e.bundle().manifest().calibration() == null) { // else the threshold is the site's
      addValidationGap("Sensitivity at the threshold", validation.recall(), here.recall());
      addValidationGap(
          "Specificity at the threshold", validation.specificity(), here.specificity());
    }
  }

  private void addValidationGap(String name, Estimate validation, Estimate here) {
    Interval before = validation.bestInterval();
    Interval now = here.bestInterval();
    if (before != null && now != null && now.high() < before.low()) {
      warn(
          "%s is lower than on validation: %s there, %s here."
              .formatted(name, withInterval(validation), withInterval(here)));
    }
  }

  private void addBaselines(EvaluationMetrics metrics) {
    for (BaselineMetrics baseline : metrics.baselines()) {
      if (isSuspicious(baseline.auroc())) {
        Interval advantage =
            baseline.modelAdvantage().map(test -> test.difference().bestInterval()).orElse(null);
        String compared =
            baseline.modelAdvantage().isEmpty()
                ? "it distinguishes the sources of the classes"
                : advantage != null && advantage.low() > 0
                    ? "the model is better"
                    : "the model is not shown to be better";
        warn(
            "A baseline that never sees the lungs reaches AUROC %s (%s); %s."
                .formatted(withInterval(baseline.auroc()), baseline.name(), compared));
      }
    }
  }

  private void addRobustness(EvaluationMetrics metrics) {
    for (RobustnessMetrics perturbed : metrics.robustness()) {
      Interval difference = perturbed.difference().difference().bestInterval();
      if (perturbed.hidesLungs()) {
        if (isSuspicious(perturbed.auroc())) {
          warn(
              "With the lungs hidden (%s) the model still reaches AUROC %s: it relies on something outside the lungs."
                  .formatted(perturbed.perturbation(), withInterval(perturbed.auroc())));
        }
      } else if (difference != null && difference.high() < -0.05) {
        warn(
            "AUROC falls to %s under this perturbation: %s."
                .formatted(withInterval(perturbed.auroc()), perturbed.perturbation()));
      }
    }
  }

  private static boolean isSuspicious(Estimate auroc) {
    Interval interval = auroc.bestInterval();
    return interval != null && interval.low() > 0.5 && auroc.valueOr(0) >= SUSPICIOUS_AUROC;
  }

  private void addCalibration(EvaluationMetrics metrics) {
    Estimate slope = metrics.calibration().before().regression().slope();
    Interval interval = slope.bestInterval();
    if (interval != null && (interval.high() < 1 || interval.low() > 1)) {
      warn(
          "The probabilities are miscalibrated: calibration slope %s, the model is %s."
              .formatted(
                  withInterval(slope), slope.valueOr(0) < 1 ? "overconfident" : "underconfident"));
    }
    Estimate inTheLarge = metrics.calibration().before().regression().inTheLarge();
    if (inTheLarge instanceof Estimate.Undefined) {
      notice("Calibration could not be measured: %s.".formatted(plain(inTheLarge)));
    }
  }

  /** Outside the range of its training data a network can give extreme logits. */
  private void addOverconfidentErrors(Evaluation e) {
    LabelledScores scores = EvaluationMetrics.scores(e.settings().task(), e.evaluatedPredictions());
    long wrong =
        IntStream.range(0, (int) scores.size())
            .mapToDouble(i -> scores.isPositive(i) ? scores.score(i) : 1 - scores.score(i))
            .filter(probability -> probability < OVERCONFIDENT_ERROR)
            .count();
    if (wrong > 0) {
      warn(
          "Overconfident errors: for %d of %d images the model gives the actual class less than one chance in a million."
              .formatted(wrong, scores.size()));
    }
  }

  private void addOutOfDistribution(EvaluationMetrics metrics) {
    Estimate rejected =
        metrics
            .outOfDistribution()
            .map(OutOfDistributionMetrics::rejected)
            .orElse(new Estimate.Undefined("not measured"));
    Interval interval = rejected.bestInterval();
    if (interval != null && interval.low() > HIGH_REJECTION_RATE) {
      warn(
          "Many images are out of distribution: a share of %s is further from the training images than 95 %% of validation."
              .formatted(withInterval(rejected)));
    }
  }

  /** An issue of the audit. */
  static Message message(AuditIssue issue) {
    String level = issue.severity().name().toLowerCase(Locale.ROOT);
    return new Message(
        level, level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1), issue.text());
  }

  private void error(String text) {
    messages.add(new Message("error", "Error", text));
  }

  private void warn(String text) {
    messages.add(new Message("warning", "Warning", text));
  }

  private void notice(String text) {
    messages.add(new Message("notice", "Note", text));
  }
}
