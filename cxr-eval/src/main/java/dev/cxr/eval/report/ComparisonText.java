package dev.cxr.eval.report;

import static dev.cxr.eval.report.MetricText.withInterval;

import dev.cxr.common.cli.TextTable;
import dev.cxr.common.cli.TextTable.Column;
import dev.cxr.eval.comparison.ComparisonRun;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import dev.cxr.models.bundle.RecipeDifference;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;

/** A comparison as text for a terminal. */
public final class ComparisonText {

  private static final int MAX_RECIPE_LINES = 12;
  private static final int MAX_VALUE_LENGTH = 24;

  private ComparisonText() {}

  /**
   * {@return metrics, tests, seed groups and what differs between the recipes, on several lines}
   *
   * @param run the comparison
   */
  public static String of(ComparisonRun run) {
    ModelComparison comparison = run.comparison();
    int width = comparison.models().stream().mapToInt(s -> s.label().length()).max().orElse(0) + 2;
    String row = "  %-" + width + "s  %-24s  %-24s  %s%n";
    Formatter text = new Formatter(Locale.ROOT);
    text.format(
        "%d bundles on the %s split of %s: %d images of %d patients%n%n",
        run.bundles().size(),
        run.split(),
        run.data().name(),
        run.models().get(0).predictions().size(),
        run.patients());
    text.format(row, "", "AUROC", "sensitivity", "specificity");
    for (ModelComparison.ModelMetrics s : comparison.models()) {
      text.format(
          row,
          s.label(),
          withInterval(s.binary().auroc()),
          withInterval(s.binary().recall()),
          withInterval(s.binary().specificity()));
    }
    text.format("%n");
    for (ModelComparison.ModelPair pair : comparison.pairs()) {
      text.format(
          "  %s minus %s: AUROC %s, p %s; decisions p %s%n",
          pair.first(),
          pair.second(),
          withInterval(pair.auroc().difference()),
          MetricText.plain(pair.aurocCorrected()),
          MetricText.plain(pair.decisionsCorrected()));
    }
    text.format("  (DeLong and McNemar; p corrected by Holm)%n");
    for (ModelComparison.SeedReplicates family : comparison.seedGroups()) {
      SeedSummary auroc = family.metrics().get("auroc");
      if (auroc != null) {
        text.format(
            "%n  %d seeds of one recipe: AUROC %s, deviation %s%n",
            family.members().size(),
            withInterval(auroc.mean()),
            MetricText.plain(auroc.standardDeviation()));
      }
    }
    addRecipes(text, run);
    return text.toString();
  }

  private static void addRecipes(Formatter text, ComparisonRun run) {
    List<RecipeDifference> differences = run.recipeDifferences();
    if (differences.isEmpty()) {
      text.format("%n  The recipes do not differ.%n");
      return;
    }
    List<RecipeDifference> shown = differences.stream().limit(MAX_RECIPE_LINES).toList();
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("recipe", shown.stream().map(RecipeDifference::key).toList()));
    for (int i = 0; i < run.models().size(); i++) {
      int model = i;
      columns.add(
          new Column(
              TextTable.shortened(run.models().get(i).label(), MAX_VALUE_LENGTH),
              shown.stream()
                  .map(d -> TextTable.shortened(d.texts().get(model), MAX_VALUE_LENGTH))
                  .toList()));
    }
    text.format("%n%s", new TextTable(columns).toString().indent(2));
    if (differences.size() > MAX_RECIPE_LINES) {
      text.format(
          "  … and %d more keys, in comparison.json%n", differences.size() - MAX_RECIPE_LINES);
    }
  }
}
