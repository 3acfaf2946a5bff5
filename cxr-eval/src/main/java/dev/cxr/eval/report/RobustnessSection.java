package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.data.audit.AuditIssue;
import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.DataSheet;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.RobustnessMetrics;
import dev.cxr.eval.evaluation.SubgroupMetrics;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.report.ValidityWarnings.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Baselines, robustness, subgroups, leakage and data sheet: what else could explain the metrics.
 *
 * @param majority accuracy of always predicting one class
 * @param majorityClass that class
 * @param baselines the model, then the baselines that never see the lungs
 * @param robustness the unchanged images, then each perturbation; empty if none was measured
 * @param subgroups every group
 * @param worstSubgroup in a sentence
 * @param audit the issues that the audit found
 * @param hasAudit whether the dataset was audited
 * @param dataSheet facts about the images
 */
record RobustnessSection(
    MetricText majority,
    String majorityClass,
    List<BarRow> baselines,
    List<BarRow> robustness,
    List<SubgroupRow> subgroups,
    String worstSubgroup,
    List<Message> audit,
    boolean hasAudit,
    List<Fact> dataSheet) {

  record BarRow(
      String name,
      String note,
      MetricText auroc,
      String difference,
      boolean warning,
      Optional<Bar> bar) {}

  /** An AUROC and its interval as a bar over the range 0.5 to 1, in percent of that range. */
  record Bar(String from, String width, String value) {}

  record SubgroupRow(
      String by,
      String part,
      long images,
      MetricText auroc,
      MetricText sensitivity,
      MetricText specificity,
      boolean worst) {}

  record Fact(String name, String text) {}

  static RobustnessSection of(Evaluation evaluation) {
    EvaluationMetrics metrics = evaluation.metrics();
    return new RobustnessSection(
        MetricText.of("accuracy", metrics.majorityBaseline().accuracy()),
        metrics.majorityBaseline().predictedClass(),
        baselines(metrics),
        robustness(metrics),
        subgroups(metrics.subgroups()),
        worstSubgroup(metrics.subgroups(), evaluation.settings().classSources()),
        audit(evaluation),
        evaluation.leakage().isPresent(),
        dataSheet(evaluation));
  }

  private static List<BarRow> baselines(EvaluationMetrics metrics) {
    List<BarRow> rows = new ArrayList<>();
    rows.add(barRow("the model", "", metrics.binary().auroc(), "", false));
    for (BaselineMetrics baseline : metrics.baselines()) {
      rows.add(
          barRow(
              baseline.name(),
              baseline.direction(),
              baseline.auroc(),
              baseline
                  .modelAdvantage()
                  .map(test -> MetricText.of("", test.difference()))
                  .map(RobustnessSection::difference)
                  .orElse(""),
              isNotShownBetter(baseline.modelAdvantage())));
    }
    return rows;
  }

  /** Whether the model is not shown to be better. */
  private static boolean isNotShownBetter(Optional<DeLongTest> advantage) {
    return advantage.map(DeLongTest::difference).stream()
        .flatMap(d -> d instanceof Estimate.Defined defined ? Stream.of(defined) : Stream.empty())
        .anyMatch(d -> d.interval() != null && d.interval().low() <= 0);
  }

  private static List<BarRow> robustness(EvaluationMetrics metrics) {
    List<BarRow> rows = new ArrayList<>();
    if (!metrics.robustness().isEmpty()) {
      rows.add(
          barRow(
              "unchanged",
              sensitivityAndSpecificity(metrics.binary().recall(), metrics.binary().specificity()),
              metrics.binary().auroc(),
              "",
              false));
    }
    for (RobustnessMetrics r : metrics.robustness()) {
      rows.add(
          barRow(
              r.perturbation(),
              sensitivityAndSpecificity(r.sensitivity(), r.specificity()),
              r.auroc(),
              difference(MetricText.of("", r.difference().difference())),
              false));
    }
    return rows;
  }

  private static String sensitivityAndSpecificity(Estimate sensitivity, Estimate specificity) {
    return MetricText.plain(sensitivity) + " / " + MetricText.plain(specificity);
  }

  private static String difference(MetricText metric) {
    return metric.isDefined()
        ? metric.value() + (metric.interval().isEmpty() ? "" : " (" + metric.interval() + ")")
        : "";
  }

  private static BarRow barRow(
      String name, String remark, Estimate auroc, String difference, boolean warning) {
    return new BarRow(name, remark, MetricText.of(name, auroc), difference, warning, bar(auroc));
  }

  private static Optional<Bar> bar(Estimate auroc) {
    if (!(auroc instanceof Estimate.Defined defined)) {
      return Optional.empty();
    }
    Interval interval = defined.interval();
    double low = percentOfRange(interval == null ? defined.value() : interval.low());
    double high = percentOfRange(interval == null ? defined.value() : interval.high());
    return Optional.of(
        new Bar(percent(low), percent(high - low), percent(percentOfRange(defined.value()))));
  }

  private static double percentOfRange(double area) {
    return 200 * Math.max(0, area - 0.5);
  }

  private static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static List<SubgroupRow> subgroups(SubgroupMetrics.Subgroups subgroups) {
    return subgroups.all().stream().map(s -> subgroupRow(s, subgroups)).toList();
  }

  private static SubgroupRow subgroupRow(SubgroupMetrics s, SubgroupMetrics.Subgroups subgroups) {
    return new SubgroupRow(
        s.attribute(),
        s.group(),
        s.images(),
        MetricText.of("AUROC", s.auroc()),
        MetricText.of("sensitivity", s.sensitivity()),
        MetricText.of("specificity", s.specificity()),
        subgroups
            .worst()
            .filter(w -> w.attribute().equals(s.attribute()) && w.group().equals(s.group()))
            .isPresent());
  }

  private static String worstSubgroup(SubgroupMetrics.Subgroups subgroups, ClassSources sources) {
    if (sources == ClassSources.SEPARATE) {
      return "No worst group is named: the classes come from different sources.";
    }
    return subgroups
        .worst()
        .map(
            w ->
                "Worst group by %s: “%s” with AUROC %s."
                    .formatted(w.attribute(), w.group(), withInterval(w.auroc())))
        .orElse("No worst group is named: no group has ten images of each class.");
  }

  private static List<Message> audit(Evaluation evaluation) {
    return evaluation.leakage().stream()
        .flatMap(leakage -> leakage.issues().stream())
        .map(RobustnessSection::auditRow)
        .toList();
  }

  private static Message auditRow(AuditIssue issue) {
    String level = issue.severity().name().toLowerCase(Locale.ROOT);
    return new Message(
        level, level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1), issue.text());
  }

  private static List<Fact> dataSheet(Evaluation evaluation) {
    DataSheet s = evaluation.dataSheet();
    return List.of(
        new Fact("Recognised by", s.recognisedBy()),
        new Fact("Source", s.source()),
        new Fact("Licence", s.licence()),
        new Fact("Centres", s.centres()),
        new Fact("Patients", s.patients()),
        new Fact("Labels", s.labels()),
        new Fact("Validation split", s.splitRule()),
        new Fact("Fingerprint of the evaluated images", evaluation.fingerprint()));
  }
}
