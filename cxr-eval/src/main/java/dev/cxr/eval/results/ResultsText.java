package dev.cxr.eval.results;

import com.samskivert.mustache.Mustache;
import dev.cxr.data.shell.Refusal;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.comparison.Spread;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * RESULTS.md, which follows from stored results and reports alone: the same ones give the same
 * bytes.
 */
public final class ResultsText {

  private static final int DEEPEST = 8;
  private static final String NONE = "–";

  /** The figures of the first table. */
  private static final List<String> GLANCE =
      List.of("accuracy", "auroc", "classesAccuracy", "causeAuroc");

  private final String root;
  private final Reports reports;
  private final List<Kept> plain;
  private final List<Kept> ensembles;
  private final List<Kept> calibrated;

  /**
   * A stored result.
   *
   * @param path of its folder, with slashes, from the root's own name on
   */
  private record Kept(String path, StoredResult result) {}

  private ResultsText(String root, Reports reports, List<Kept> all) {
    this.root = root;
    this.reports = reports;
    List<Kept> uncalibrated = all.stream().filter(kept -> kept.result().isPlain()).toList();
    this.plain = uncalibrated.stream().filter(kept -> kept.result().members() == 1).toList();
    this.ensembles = uncalibrated.stream().filter(kept -> kept.result().members() > 1).toList();
    this.calibrated = all.stream().filter(kept -> !kept.result().isPlain()).toList();
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
    List<Kept> all = new ArrayList<>();
    for (Path root : roots) {
      all.addAll(read(root));
    }
    requireOnce(all);
    List<String> recipes = reports.reports().stream().map(Reports.Report::recipe).toList();
    List<Kept> ordered =
        all.stream()
            .sorted(
                Comparator.<Kept>comparingInt(kept -> place(recipes, kept.result().recipe().name()))
                    .thenComparing(kept -> kept.result().recipe().name())
                    .thenComparing(kept -> kept.result().family())
                    .thenComparingLong(kept -> kept.result().recipe().seed())
                    .thenComparing(Kept::path))
            .toList();
    String names =
        roots.stream()
            .map(root -> "`%s`".formatted(root.toAbsolutePath().normalize().getFileName()))
            .collect(Collectors.joining(", "));
    return new ResultsText(names, reports, ordered).text();
  }

  private static void requireOnce(List<Kept> all) {
    Set<String> seen = new HashSet<>();
    for (Kept kept : all) {
      StoredResult result = kept.result();
      if (!seen.add(result.family() + " seed " + result.recipe().seed())) {
        throw Refusal.of(
            "each seed of a recipe once",
            "seed %d of %s again in %s"
                .formatted(result.recipe().seed(), result.recipe().name(), kept.path()),
            "Remove one of them.");
      }
    }
  }

  private static int place(List<String> recipes, String name) {
    int place = recipes.indexOf(name);
    return place < 0 ? recipes.size() : place;
  }

  private static List<Kept> read(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw refusal(root);
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root, DEEPEST)) {
      files = walk.filter(file -> file.endsWith(StoredResult.FILE)).sorted().toList();
    }
    if (files.isEmpty()) {
      throw refusal(root);
    }
    Path absolute = root.toAbsolutePath().normalize();
    List<Kept> all = new ArrayList<>();
    for (Path file : files) {
      StoredResult result = StoredResult.read(file);
      Path folder = file.toAbsolutePath().normalize().getParent();
      String below = absolute.relativize(Objects.requireNonNull(folder)).toString();
      all.add(new Kept(absolute.getFileName() + "/" + below.replace('\\', '/'), result));
    }
    return all;
  }

  private static Refusal refusal(Path root) {
    return Refusal.of(
        "a folder with results that `collect` wrote",
        "none at " + root,
        "Collect an evaluation first.");
  }

  private String text() throws IOException {
    List<Comparison> comparisons =
        families(plain).stream().flatMap(members -> comparisons(members).stream()).toList();
    List<Glance> glances =
        families(Stream.concat(plain.stream(), ensembles.stream()).toList()).stream()
            .map(this::glance)
            .toList();
    List<Shift> shifts = plain.stream().flatMap(kept -> shifts(kept.result()).stream()).toList();
    View view =
        new View(
            root,
            Stream.of(plain, ensembles, calibrated)
                .flatMap(List::stream)
                .anyMatch(kept -> kept.result().data().synthetic()),
            !glances.isEmpty(),
            GLANCE.stream().map(StoredResult::name).toList(),
            glances,
            families(plain).stream().map(this::family).toList(),
            !ensembles.isEmpty(),
            ensembles.stream().map(kept -> ensemble(kept.result())).toList(),
            reports.goals().stream().flatMap(goal -> goals(goal).stream()).toList(),
            reports.tried(),
            !calibrated.isEmpty(),
            calibrated.stream().map(kept -> site(kept.result())).toList(),
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

  /** Those that differ in their seed alone. */
  private static List<List<Kept>> families(List<Kept> all) {
    Map<String, List<Kept>> families = new LinkedHashMap<>();
    all.forEach(
        kept -> families.computeIfAbsent(kept.result().family(), f -> new ArrayList<>()).add(kept));
    return List.copyOf(families.values());
  }

  private Glance glance(List<Kept> members) {
    StoredResult first = members.get(0).result();
    boolean ensemble = first.members() > 1;
    return new Glance(
        first.name(),
        ensemble ? NONE : String.valueOf(members.size()),
        ensemble ? "" : reports.of(first.recipe().name()).figure("accuracy"),
        GLANCE.stream().map(figure -> glance(members, figure)).toList());
  }

  private static String glance(List<Kept> members, String figure) {
    return members.size() > 1 && members.get(0).result().figures().containsKey(figure)
        ? mean(members, figure)
        : figureIfAny(members.get(0).result(), figure);
  }

  private FamilyView family(List<Kept> members) {
    StoredResult first = members.get(0).result();
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
        members.size() > 1,
        members.size(),
        members.stream().map(ResultsText::column).toList(),
        rows(members, report));
  }

  private static Column column(Kept kept) {
    StoredResult.Recipe recipe = kept.result().recipe();
    return new Column(recipe.seed(), kept.path(), recipe.name() + "-" + recipe.seed());
  }

  private static List<RowView> rows(List<Kept> members, Reports.Report report) {
    List<RowView> rows = new ArrayList<>();
    for (String name : StoredResult.ORDER) {
      if (members.get(0).result().figures().containsKey(name)) {
        rows.add(
            new RowView(
                StoredResult.name(name),
                report.figure(name),
                mean(members, name),
                members.stream().map(kept -> figure(kept.result(), name).text()).toList()));
      }
    }
    rows.add(
        facts("threshold", members, result -> Figure.number(result.bundle().threshold().value())));
    rows.add(facts("kept epoch", members, result -> String.valueOf(result.bundle().epoch())));
    rows.add(facts("wall time of training", members, ResultsText::time));
    rows.add(facts("most memory", members, ResultsText::memory));
    rows.add(facts("trained on", members, ResultsText::device));
    rows.add(facts("bundle", members, result -> "`%s`".formatted(result.bundle().id())));
    rows.add(facts("cxr commit", members, result -> "`%s`".formatted(result.bundle().gitCommit())));
    return rows;
  }

  private interface Fact {
    String of(StoredResult result);
  }

  private static RowView facts(String name, List<Kept> members, Fact fact) {
    return new RowView(name, "", "", members.stream().map(kept -> fact.of(kept.result())).toList());
  }

  private static Figure figure(StoredResult result, String name) {
    Figure figure = result.figures().get(name);
    return figure == null ? new Figure(null, 0, null, "not kept") : figure;
  }

  private static Spread spread(List<Kept> members, String name) {
    return Spread.of(members.stream().map(kept -> figure(kept.result(), name).estimate()).toList());
  }

  private static String mean(List<Kept> members, String name) {
    Spread spread = spread(members, name);
    if (!(spread.mean() instanceof Estimate.Defined mean)) {
      return "not defined";
    }
    return spread.deviation() instanceof Estimate.Defined deviation
        ? "%s (%s)".formatted(Figure.number(mean.value()), Figure.number(deviation.value()))
        : Figure.number(mean.value());
  }

  private static String time(StoredResult result) {
    StoredResult.RunFacts run = result.run();
    if (run == null) {
      return "not kept";
    }
    long minutes = Math.round(run.seconds() / 60);
    String time =
        minutes >= 60
            ? "%d h %d min".formatted(minutes / 60, minutes % 60)
            : run.seconds() >= 60
                ? "%d min".formatted(minutes)
                : String.format(Locale.ROOT, "%.0f s", run.seconds());
    return run.starts() > 1 ? "%s in %d starts".formatted(time, run.starts()) : time;
  }

  private static String memory(StoredResult result) {
    StoredResult.RunFacts run = result.run();
    Long peak = run == null ? null : run.peakMebibytes();
    return peak == null ? "not kept" : peak + " MiB";
  }

  private static String device(StoredResult result) {
    StoredResult.RunFacts run = result.run();
    return run == null ? "not kept" : run.device();
  }

  private List<GoalView> goals(Reports.Goal goal) {
    List<GoalView> views = new ArrayList<>();
    Stream<Kept> counted =
        goal.isPlain() ? Stream.concat(plain.stream(), ensembles.stream()) : calibrated.stream();
    for (List<Kept> members : families(counted.toList())) {
      StoredResult first = members.get(0).result();
      SiteCalibration calibration = first.bundle().calibration();
      if (first.recipe().name().equals(goal.recipe())
          && (calibration == null || !calibration.labelled())
          && spread(members, goal.figure()).mean() instanceof Estimate.Defined mean) {
        double missing = goal.atLeast() - mean.value();
        views.add(
            goal(
                goal,
                first.name(),
                mean(members, goal.figure()),
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
        figure(result, "accuracy").text(),
        figure(result, "auroc").text(),
        figure(result, "recall").text(),
        figure(result, "specificity").text(),
        figureIfAny(result, "classesAccuracy"),
        figureIfAny(result, "causeAuroc"));
  }

  private static String figureIfAny(StoredResult result, String name) {
    return result.figures().containsKey(name) ? figure(result, name).text() : NONE;
  }

  private SiteView site(StoredResult result) {
    SiteCalibration calibration = Objects.requireNonNull(result.bundle().calibration());
    Optional<StoredResult> before =
        Stream.concat(plain.stream(), ensembles.stream())
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
        before.map(other -> figure(other, "accuracy").text()).orElse("not kept"),
        figure(result, "accuracy").text(),
        figure(result, "recall").text(),
        figure(result, "specificity").text(),
        figure(result, "auroc").text());
  }

  private List<Comparison> comparisons(List<Kept> members) {
    StoredResult first = members.get(0).result();
    Reports.Report report = reports.of(first.recipe().name());
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : StoredResult.ORDER) {
      Double reported = report.reported().get(name);
      if (reported != null) {
        Figure ours = members.size() == 1 ? figure(first, name) : figure(spread(members, name));
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

  /** The mean over seeds with Student's interval. */
  private static Figure figure(Spread spread) {
    return spread.withinUnit().mean() instanceof Estimate.Defined mean
        ? new Figure(mean.value(), mean.n(), mean.interval(), null)
        : new Figure(null, 0, null, "no seed has it");
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
    plain.forEach(kept -> run.add(kept.result().recipe().name()));
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
