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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What else could explain the figures, as the page shows it.
 *
 * @param majority what answering the same to every picture achieves
 * @param majorityClass that answer
 * @param baselines the model, then what sees no lung
 * @param robustness the pictures as they are, then each change; empty if none was tried
 * @param subgroups every part
 * @param worstSubgroup of them, in a sentence
 * @param audit what the audit found
 * @param hasAudit whether there was one
 * @param dataSheet what the pictures are
 */
record RobustnessSection(
    MetricText majority,
    String majorityClass,
    List<BarRow> baselines,
    List<BarRow> robustness,
    List<SubgroupRow> subgroups,
    String worstSubgroup,
    List<AuditRow> audit,
    boolean hasAudit,
    List<Fact> dataSheet) {

  record BarRow(
      String name, String note, MetricText auroc, String difference, boolean warning, Bar bar) {}

  /** An area between 0.5 and 1 in per cent of the way. */
  record Bar(String from, String width, String value) {}

  record SubgroupRow(
      String by,
      String part,
      long images,
      MetricText auroc,
      MetricText sensitivity,
      MetricText specificity,
      boolean worst) {}

  record AuditRow(String level, String label, String text) {}

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
  private static boolean isNotShownBetter(Optional<DeLongTest> lead) {
    return lead.map(DeLongTest::difference).stream()
        .flatMap(d -> d instanceof Estimate.Defined defined ? Stream.of(defined) : Stream.empty())
        .anyMatch(d -> d.interval() != null && d.interval().low() <= 0);
  }

  private static List<BarRow> robustness(EvaluationMetrics metrics) {
    List<BarRow> rows = new ArrayList<>();
    if (!metrics.robustness().isEmpty()) {
      rows.add(
          barRow(
              "as they are",
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

  private static String difference(MetricText figure) {
    return figure.isDefined()
        ? figure.value() + (figure.interval().isEmpty() ? "" : " (" + figure.interval() + ")")
        : "";
  }

  private static BarRow barRow(
      String name, String remark, Estimate auroc, String difference, boolean warning) {
    return new BarRow(name, remark, MetricText.of(name, auroc), difference, warning, bar(auroc));
  }

  private static Bar bar(Estimate auroc) {
    if (!(auroc instanceof Estimate.Defined defined)) {
      return new Bar("0", "0", "-10");
    }
    Interval interval = defined.interval();
    double low = interval == null ? defined.value() : interval.low();
    double high = interval == null ? defined.value() : interval.high();
    return new Bar(
        percent(percentOfRange(low)),
        percent(percentOfRange(high) - percentOfRange(low)),
        percent(percentOfRange(defined.value())));
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
      return "None can be called the worst, for the classes come from different sources.";
    }
    return subgroups
        .worst()
        .map(
            w ->
                "The worst part, by %s, is “%s” with an AUROC of %s."
                    .formatted(w.attribute(), w.group(), withInterval(w.auroc())))
        .orElse("No part has ten pictures of either class: none can be called the worst.");
  }

  private static List<AuditRow> audit(Evaluation evaluation) {
    return evaluation.leakage().stream()
        .flatMap(leakage -> leakage.issues().stream())
        .map(RobustnessSection::auditRow)
        .toList();
  }

  private static AuditRow auditRow(AuditIssue concern) {
    String level = concern.severity().name().toLowerCase(Locale.ROOT);
    return new AuditRow(
        level, level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1), concern.text());
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
        new Fact("Fingerprint of the judged pictures", evaluation.fingerprint()));
  }
}
