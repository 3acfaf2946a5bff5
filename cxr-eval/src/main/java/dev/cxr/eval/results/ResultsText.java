package dev.cxr.eval.results;

import com.samskivert.mustache.Mustache;
import dev.cxr.data.shell.Refusal;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.results.KeptResults.Kept;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * RESULTS.md, which follows from stored results and reports alone: the same ones give the same
 * bytes.
 */
public final class ResultsText {

  private static final String NONE = "–";

  /** The figures of the first table. */
  private static final List<String> GLANCE =
      List.of("accuracy", "auroc", "classesAccuracy", "causeAuroc");

  private final String root;
  private final Reports reports;
  private final KeptResults kept;

  private ResultsText(String root, Reports reports, KeptResults kept) {
    this.root = root;
    this.reports = reports;
    this.kept = kept;
  }

  /** What {@code results.mustache} shows. */
  private record View(
      String root,
      boolean isSynthetic,
      boolean hasGlances,
      List<String> glanceNames,
      List<Glance> glances,
      List<FamilyView> families,
      boolean hasEnsembles,
      List<EnsembleView> ensembles,
      List<GoalView> goals,
      List<Reports.Tried> tried,
      boolean hasSites,
      List<SiteView> sites,
      boolean hasComparisons,
      List<Comparison> comparisons,
      boolean hasShifts,
      List<Shift> shifts,
      List<NotRun> notRun) {}

  /**
   * One recipe, or one ensemble, among all.
   *
   * @param seeds how many results there are, a dash for an ensemble
   */
  private record Glance(String name, String seeds, String reported, List<String> cells) {}

  private record FamilyView(
      String name,
      String source,
      String reported,
      String protocol,
      String architecture,
      int epochs,
      String split,
      String data,
      int pictures,
      int patients,
      boolean several,
      int count,
      List<Column> columns,
      List<RowView> rows) {}

  private record Column(long seed, String path, String run) {}

  private record RowView(String name, String reported, String mean, List<String> cells) {}

  private record EnsembleView(
      String name,
      String id,
      String threshold,
      String accuracy,
      String auroc,
      String recall,
      String specificity,
      String classesAccuracy,
      String causeAuroc) {}

  private record GoalView(
      String figure,
      String recipe,
      String protocol,
      String atLeast,
      String reached,
      String verdict) {}

  private record SiteView(
      String name,
      String seed,
      String id,
      String from,
      String how,
      String before,
      String threshold,
      String accuracyBefore,
      String accuracy,
      String recall,
      String specificity,
      String auroc) {}

  private record Comparison(
      String name, String figure, String reported, String ours, String verdict) {}

  private record Shift(
      String name,
      long seed,
      String split,
      int n,
      String lower,
      String median,
      String upper,
      String specificity) {}

  private record NotRun(String recipe, String why) {}

  /**
   * Writes the whole text.
   *
   * @param roots folders of stored results, at any depth
   * @throws Refusal if one holds none, one is damaged, or a seed is there twice
   */
  public static String of(List<Path> roots) throws IOException {
    Reports reports = Reports.read();
    KeptResults kept =
        KeptResults.read(roots, reports.reports().stream().map(Reports.Report::recipe).toList());
    String names =
        roots.stream()
            .map(root -> "`%s`".formatted(root.toAbsolutePath().normalize().getFileName()))
            .collect(Collectors.joining(", "));
    return new ResultsText(names, reports, kept).text();
  }

  private String text() throws IOException {
    List<Family> families = Family.among(kept.plain());
    List<Glance> glances = Family.among(kept.uncalibrated()).stream().map(this::glance).toList();
    List<EnsembleView> ensembles =
        kept.ensembles().stream().map(ensemble -> ensemble(ensemble.result())).toList();
    List<SiteView> sites = kept.calibrated().stream().map(site -> site(site.result())).toList();
    List<Comparison> comparisons =
        families.stream().flatMap(family -> comparisons(family).stream()).toList();
    List<Shift> shifts =
        kept.plain().stream().flatMap(plain -> shifts(plain.result()).stream()).toList();
    View view =
        new View(
            root,
            kept.anySynthetic(),
            !glances.isEmpty(),
            GLANCE.stream().map(StoredResult::name).toList(),
            glances,
            families.stream().map(this::family).toList(),
            !ensembles.isEmpty(),
            ensembles,
            reports.goals().stream().flatMap(goal -> goals(goal).stream()).toList(),
            reports.tried(),
            !sites.isEmpty(),
            sites,
            !comparisons.isEmpty(),
            comparisons,
            !shifts.isEmpty(),
            shifts,
            notRun());
    try (InputStream in =
            Objects.requireNonNull(ResultsText.class.getResourceAsStream("results.mustache"));
        Reader template = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .compile(template)
          .execute(view);
    }
  }

  private Glance glance(Family family) {
    StoredResult first = family.first();
    boolean ensemble = first.members() > 1;
    return new Glance(
        first.name(),
        ensemble ? NONE : String.valueOf(family.members().size()),
        ensemble ? "" : reports.of(first.recipe().name()).figure("accuracy"),
        GLANCE.stream().map(figure -> glance(family, figure)).toList());
  }

  private static String glance(Family family, String figure) {
    if (!family.has(figure)) {
      return NONE;
    }
    return family.isSeveral() ? family.mean(figure) : family.figure(figure).text();
  }

  private FamilyView family(Family family) {
    StoredResult first = family.first();
    Reports.Report report = reports.of(first.recipe().name());
    return new FamilyView(
        first.recipe().name(),
        report.source(),
        report.figures(),
        report.protocol(),
        first.bundle().architecture(),
        first.recipe().epochs(),
        first.data().split(),
        first.data().name(),
        first.data().pictures(),
        first.data().patients(),
        family.isSeveral(),
        family.members().size(),
        family.members().stream().map(ResultsText::column).toList(),
        rows(family, report));
  }

  private static Column column(Kept kept) {
    StoredResult.Recipe recipe = kept.result().recipe();
    return new Column(recipe.seed(), kept.path(), recipe.name() + "-" + recipe.seed());
  }

  private static List<RowView> rows(Family family, Reports.Report report) {
    List<RowView> rows = new ArrayList<>();
    for (String name : StoredResult.ORDER) {
      if (family.has(name)) {
        rows.add(
            new RowView(
                StoredResult.name(name),
                report.figure(name),
                family.mean(name),
                cells(family, result -> result.figure(name).text())));
      }
    }
    rows.add(
        facts("threshold", family, result -> Figure.number(result.bundle().threshold().value())));
    rows.add(facts("kept epoch", family, result -> String.valueOf(result.bundle().epoch())));
    rows.add(ofRun("wall time of training", family, StoredResult.RunFacts::time));
    rows.add(ofRun("most memory", family, StoredResult.RunFacts::memory));
    rows.add(ofRun("trained on", family, StoredResult.RunFacts::device));
    rows.add(facts("bundle", family, result -> "`%s`".formatted(result.bundle().id())));
    rows.add(facts("cxr commit", family, result -> "`%s`".formatted(result.bundle().gitCommit())));
    return rows;
  }

  private static List<String> cells(Family family, Function<StoredResult, String> cell) {
    return family.members().stream().map(member -> cell.apply(member.result())).toList();
  }

  private static RowView facts(String name, Family family, Function<StoredResult, String> fact) {
    return new RowView(name, "", "", cells(family, fact));
  }

  private static RowView ofRun(
      String name, Family family, Function<StoredResult.RunFacts, String> fact) {
    return facts(
        name,
        family,
        result -> {
          StoredResult.RunFacts run = result.run();
          return run == null ? StoredResult.NOT_KEPT : fact.apply(run);
        });
  }

  private List<GoalView> goals(Reports.Goal goal) {
    List<GoalView> views = new ArrayList<>();
    for (Family family : Family.among(goal.isPlain() ? kept.uncalibrated() : kept.calibrated())) {
      StoredResult first = family.first();
      SiteCalibration calibration = first.bundle().calibration();
      if (first.recipe().name().equals(goal.recipe())
          && (calibration == null || !calibration.labelled())
          && family.spread(goal.figure()).mean() instanceof Estimate.Defined mean) {
        double missing = goal.atLeast() - mean.value();
        views.add(
            goal(
                goal,
                first.name(),
                family.mean(goal.figure()),
                missing <= 0
                    ? "reached"
                    : String.format(Locale.ROOT, "**missed** by %.4f", missing)));
      }
    }
    return views.isEmpty() ? List.of(goal(goal, goal.recipe(), NONE, "**not measured**")) : views;
  }

  private static GoalView goal(Reports.Goal goal, String name, String reached, String verdict) {
    return new GoalView(
        StoredResult.name(goal.figure()),
        name,
        goal.isPlain() ? "plain" : "calibrated on a site, unlabelled",
        Figure.number(goal.atLeast()),
        reached,
        verdict);
  }

  private static EnsembleView ensemble(StoredResult result) {
    return new EnsembleView(
        result.name(),
        result.bundle().id(),
        Figure.number(result.bundle().threshold().value()),
        result.figure("accuracy").text(),
        result.figure("auroc").text(),
        result.figure("recall").text(),
        result.figure("specificity").text(),
        figureIfAny(result, "classesAccuracy"),
        figureIfAny(result, "causeAuroc"));
  }

  private static String figureIfAny(StoredResult result, String name) {
    return result.figures().containsKey(name) ? result.figure(name).text() : NONE;
  }

  private SiteView site(StoredResult result) {
    SiteCalibration calibration = Objects.requireNonNull(result.bundle().calibration());
    Optional<StoredResult> before =
        kept.uncalibrated().stream()
            .map(Kept::result)
            .filter(
                other ->
                    other.bundle().id().equals(calibration.from())
                        && other.data().fingerprint().equals(result.data().fingerprint()))
            .findFirst();
    return new SiteView(
        result.name(),
        result.members() > 1 ? NONE : String.valueOf(result.recipe().seed()),
        result.bundle().id(),
        calibration.from(),
        calibration.how(),
        Figure.number(calibration.before().value()),
        Figure.number(result.bundle().threshold().value()),
        before.map(other -> other.figure("accuracy").text()).orElse(StoredResult.NOT_KEPT),
        result.figure("accuracy").text(),
        result.figure("recall").text(),
        result.figure("specificity").text(),
        result.figure("auroc").text());
  }

  private List<Comparison> comparisons(Family family) {
    StoredResult first = family.first();
    Reports.Report report = reports.of(first.recipe().name());
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : StoredResult.ORDER) {
      Double reported = report.reported().get(name);
      if (reported != null) {
        Figure ours = family.figure(name);
        comparisons.add(
            new Comparison(
                first.recipe().name(),
                StoredResult.name(name),
                Figure.number(reported),
                ours.text(),
                ours.allows(reported) ? "reached" : "**missed**"));
      }
    }
    return comparisons;
  }

  private static List<Shift> shifts(StoredResult result) {
    return result.negatives().stream()
        .map(
            own ->
                new Shift(
                    result.recipe().name(),
                    result.recipe().seed(),
                    own.split(),
                    own.n(),
                    Figure.number(own.lowerQuartile()),
                    Figure.number(own.median()),
                    Figure.number(own.upperQuartile()),
                    Figure.number(own.specificity())))
        .toList();
  }

  private List<NotRun> notRun() {
    Set<String> run = new HashSet<>();
    kept.plain().forEach(plain -> run.add(plain.result().recipe().name()));
    return reports.reports().stream()
        .filter(report -> !run.contains(report.recipe()))
        .map(
            report ->
                new NotRun(
                    report.recipe(),
                    Objects.requireNonNullElse(report.notRun(), "no result of it is kept yet")))
        .toList();
  }
}
