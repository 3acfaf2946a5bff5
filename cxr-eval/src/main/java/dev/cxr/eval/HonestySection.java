package dev.cxr.eval;

import static dev.cxr.eval.FigureText.withInterval;

import dev.cxr.data.audit.AuditIssue;
import dev.cxr.eval.evaluation.BaselineMetrics;
import dev.cxr.eval.evaluation.ClassSources;
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
 * @param majorityAnswer that answer
 * @param baselines the model, then what sees no lung
 * @param robustness the pictures as they are, then each change; empty if none was tried
 * @param subgroups every part
 * @param worst of them, in a sentence
 * @param audit what the audit found
 * @param audited whether there was one
 * @param sheet what the pictures are
 */
record HonestySection(
    FigureText majority,
    String majorityAnswer,
    List<BarRow> baselines,
    List<BarRow> robustness,
    List<SubgroupRow> subgroups,
    String worst,
    List<AuditRow> audit,
    boolean audited,
    List<Fact> sheet) {

  record BarRow(
      String name, String remark, FigureText auroc, String difference, boolean warning, Bar bar) {}

  /** An area between 0.5 and 1 in per cent of the way. */
  record Bar(String from, String width, String at) {}

  record SubgroupRow(
      String by,
      String part,
      long pictures,
      FigureText auroc,
      FigureText sensitivity,
      FigureText specificity,
      boolean worst) {}

  record AuditRow(String level, String word, String text) {}

  record Fact(String name, String text) {}

  static HonestySection of(Evaluation evaluation) {
    EvaluationMetrics figures = evaluation.figures();
    return new HonestySection(
        FigureText.of("accuracy", figures.majorityBaseline().accuracy()),
        figures.majorityBaseline().predictedClass(),
        baselines(figures),
        robustness(figures),
        subgroups(figures.subgroups()),
        worst(figures.subgroups(), evaluation.settings().classSources()),
        audit(evaluation),
        evaluation.leakage().isPresent(),
        sheet(evaluation));
  }

  private static List<BarRow> baselines(EvaluationMetrics figures) {
    List<BarRow> rows = new ArrayList<>();
    rows.add(barRow("the model", "", figures.binary().auroc(), "", false));
    for (BaselineMetrics baseline : figures.baselines()) {
      rows.add(
          barRow(
              baseline.name(),
              baseline.direction(),
              baseline.auroc(),
              baseline
                  .modelAdvantage()
                  .map(test -> FigureText.of("", test.difference()))
                  .map(HonestySection::difference)
                  .orElse(""),
              isNotBelow(baseline.modelAdvantage())));
    }
    return rows;
  }

  /** Whether the model is not shown to be better. */
  private static boolean isNotBelow(Optional<DeLongTest> lead) {
    return lead.map(DeLongTest::difference).stream()
        .flatMap(d -> d instanceof Estimate.Defined defined ? Stream.of(defined) : Stream.empty())
        .anyMatch(d -> d.interval() != null && d.interval().low() <= 0);
  }

  private static List<BarRow> robustness(EvaluationMetrics figures) {
    List<BarRow> rows = new ArrayList<>();
    if (!figures.robustness().isEmpty()) {
      rows.add(
          barRow(
              "as they are",
              at(figures.binary().recall(), figures.binary().specificity()),
              figures.binary().auroc(),
              "",
              false));
    }
    for (RobustnessMetrics r : figures.robustness()) {
      rows.add(
          barRow(
              r.perturbation(),
              at(r.sensitivity(), r.specificity()),
              r.auroc(),
              difference(FigureText.of("", r.difference().difference())),
              false));
    }
    return rows;
  }

  private static String at(Estimate sensitivity, Estimate specificity) {
    return FigureText.plain(sensitivity) + " / " + FigureText.plain(specificity);
  }

  private static String difference(FigureText figure) {
    return figure.isDefined()
        ? figure.value() + (figure.interval().isEmpty() ? "" : " (" + figure.interval() + ")")
        : "";
  }

  private static BarRow barRow(
      String name, String remark, Estimate auroc, String difference, boolean warning) {
    return new BarRow(name, remark, FigureText.of(name, auroc), difference, warning, bar(auroc));
  }

  private static Bar bar(Estimate auroc) {
    if (!(auroc instanceof Estimate.Defined defined)) {
      return new Bar("0", "0", "-10");
    }
    Interval interval = defined.interval();
    double low = interval == null ? defined.value() : interval.low();
    double high = interval == null ? defined.value() : interval.high();
    return new Bar(
        percent(place(low)), percent(place(high) - place(low)), percent(place(defined.value())));
  }

  private static double place(double area) {
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
        FigureText.of("AUROC", s.auroc()),
        FigureText.of("sensitivity", s.sensitivity()),
        FigureText.of("specificity", s.specificity()),
        subgroups
            .worst()
            .filter(w -> w.attribute().equals(s.attribute()) && w.group().equals(s.group()))
            .isPresent());
  }

  private static String worst(SubgroupMetrics.Subgroups subgroups, ClassSources sources) {
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
        .flatMap(leakage -> leakage.concerns().stream())
        .map(HonestySection::auditRow)
        .toList();
  }

  private static AuditRow auditRow(AuditIssue concern) {
    String level = concern.severity().name().toLowerCase(Locale.ROOT);
    return new AuditRow(
        level, level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1), concern.text());
  }

  private static List<Fact> sheet(Evaluation evaluation) {
    DataSheet s = evaluation.sheet();
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
