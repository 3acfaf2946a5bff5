package dev.cxr.reproduction.results;

import com.samskivert.mustache.Mustache;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Split;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.reproduction.results.ResultStore.Entry;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * RESULTS.md, which follows from stored results and reports alone: the same ones give the same
 * bytes.
 */
public final class ResultsDocument {

  private static final String NONE = "–";
  private static final String PLAIN = "plain";

  /** The figures of the first table. */
  private static final List<String> GLANCE =
      List.of("accuracy", "auroc", "classesAccuracy", "causeAuroc");

  private final String root;
  private final PublishedReports reports;
  private final ResultStore kept;

  private ResultsDocument(String root, PublishedReports reports, ResultStore kept) {
    this.root = root;
    this.reports = reports;
    this.kept = kept;
  }

  /** What {@code results.mustache} shows. */
  private record View(
      String root,
      String collection,
      boolean isSynthetic,
      boolean hasGlances,
      List<String> glanceNames,
      List<Glance> glances,
      List<FamilyView> families,
      boolean hasEnsembles,
      List<EnsembleView> ensembles,
      boolean hasVoted,
      List<VotedView> voted,
      List<GoalView> goals,
      List<PublishedReports.Attempts> tried,
      boolean hasSites,
      List<SiteView> sites,
      boolean hasComparisons,
      List<Comparison> comparisons,
      boolean hasTransfers,
      List<Transfer> transfers,
      boolean hasSuperseded,
      List<Superseded> superseded,
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
      String trained,
      String weights,
      String split,
      String data,
      int pictures,
      int patients,
      String fingerprint,
      String remark,
      boolean several,
      int count,
      List<Column> columns,
      List<RowView> rows) {}

  /**
   * One result.
   *
   * @param path of its folder
   * @param threads sets how many it learned with, where that was kept
   * @param run the run folder's name
   * @param learnedFrom the collection, as a command names it
   * @param judged what of which collection {@code evaluate} is asked for, as a command names it
   */
  private record Column(
      long seed, String path, String threads, String run, String learnedFrom, String judged) {}

  private record RowView(String name, String reported, String mean, List<String> cells) {}

  /**
   * One ensemble.
   *
   * @param recipe of its members
   * @param bundles of its members, as its command names them
   */
  private record EnsembleView(
      String name,
      String recipe,
      String bundles,
      String learnedFrom,
      String judged,
      String id,
      String threshold,
      String accuracy,
      String auroc,
      String recall,
      String specificity,
      String classesAccuracy,
      String causeAuroc) {}

  /**
   * One bundle in which training pictures vote.
   *
   * @param options of {@code index}, but for the data and folders
   * @param network the folder of the bundle it is made of, as commands name it
   * @param out its own
   * @param cells the network's own figure and that of the votes, for each of {@link #GLANCE}
   */
  private record VotedView(
      String name,
      long seed,
      String id,
      String from,
      String how,
      String threshold,
      String options,
      String network,
      String out,
      String learnedFrom,
      String judged,
      List<String> cells) {}

  private record GoalView(
      String figure,
      String recipe,
      String protocol,
      String atLeast,
      String reached,
      String verdict) {}

  /**
   * One bundle that was calibrated on a site.
   *
   * @param options of {@code calibrate}, but for the data and folders
   * @param made the folder of the bundle it is made of, as commands name it
   * @param out its own
   */
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
      String auroc,
      String options,
      String made,
      String out,
      String judged) {}

  private record Comparison(
      String name, String figure, String reported, String ours, String interval, String verdict) {}

  /** Of one seed, what validation gives and what the judged split gives. */
  private record Transfer(
      String name,
      long seed,
      String auroc,
      String recall,
      String specificity,
      String median,
      String classesAccuracy,
      String causeAuroc) {}

  /** Results of an earlier version of a recipe. */
  private record Superseded(
      String name, int seeds, String network, List<String> cells, String commits, String why) {}

  private record NotRun(
      String recipe, String source, String reported, String protocol, String why) {}

  /**
   * Writes the whole text.
   *
   * @param roots folders of stored results, at any depth
   * @throws UserErrorException if one holds none, one is damaged, or a seed is there twice
   */
  public static String of(List<Path> roots) throws IOException {
    PublishedReports reports = PublishedReports.read();
    ResultStore kept =
        ResultStore.read(
            roots, reports.reports().stream().map(PublishedReports.Report::recipe).toList());
    String names =
        roots.stream()
            .map(root -> "`%s`".formatted(root.toAbsolutePath().normalize().getFileName()))
            .collect(Collectors.joining(", "));
    return new ResultsDocument(names, reports, kept).text();
  }

  private String text() throws IOException {
    List<SeedGroup> families = SeedGroup.group(kept.singleModels());
    List<Glance> glances =
        Stream.of(kept.uncalibrated(), kept.knn())
            .flatMap(results -> SeedGroup.group(results).stream())
            .map(this::glance)
            .toList();
    List<EnsembleView> ensembles =
        kept.ensembles().stream().map(ensemble -> ensemble(ensemble.result())).toList();
    List<VotedView> voted = kept.knn().stream().map(vote -> voted(vote.result())).toList();
    List<SiteView> sites = kept.calibrated().stream().map(site -> site(site.result())).toList();
    List<Comparison> comparisons =
        families.stream()
            .filter(family -> family.first().isComparable())
            .flatMap(family -> comparisons(family).stream())
            .toList();
    List<Transfer> transfers =
        kept.singleModels().stream().map(plain -> transfer(plain.result())).toList();
    List<Superseded> superseded =
        SeedGroup.group(kept.superseded()).stream().map(this::superseded).toList();
    View view =
        new View(
            root,
            reports.collection(),
            kept.anySynthetic(),
            !glances.isEmpty(),
            GLANCE.stream().map(StoredResult::displayName).toList(),
            glances,
            families.stream().map(this::family).toList(),
            !ensembles.isEmpty(),
            ensembles,
            !voted.isEmpty(),
            voted,
            reports.goals().stream().flatMap(goal -> goals(goal).stream()).toList(),
            reports.tried(),
            !sites.isEmpty(),
            sites,
            !comparisons.isEmpty(),
            comparisons,
            !transfers.isEmpty(),
            transfers,
            !superseded.isEmpty(),
            superseded,
            notRun());
    try (InputStream in =
            Objects.requireNonNull(ResultsDocument.class.getResourceAsStream("results.mustache"));
        Reader template = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return Mustache.compiler()
          .escapeHTML(false)
          .strictSections(true)
          .compile(template)
          .execute(view);
    }
  }

  private Glance glance(SeedGroup family) {
    StoredResult first = family.first();
    boolean ensemble = first.members() > 1;
    return new Glance(
        kept.usesOneDataset()
            ? first.displayName()
            : "%s, on the %s split of %s"
                .formatted(
                    first.displayName(),
                    first.data().split(),
                    Markdown.escape(first.data().name())),
        ensemble ? NONE : String.valueOf(family.members().size()),
        ensemble || first.isKnn()
            ? NONE
            : orNone(reports.of(first.recipe().name()).metricText("accuracy")),
        GLANCE.stream().map(figure -> glance(family, figure)).toList());
  }

  private static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  private static String glance(SeedGroup family, String figure) {
    if (!family.hasMetric(figure)) {
      return NONE;
    }
    return family.hasSeveralSeeds() ? family.meanText(figure) : family.metric(figure).text();
  }

  private FamilyView family(SeedGroup family) {
    StoredResult first = family.first();
    PublishedReports.Report report = reports.of(first.recipe().name());
    return new FamilyView(
        first.recipe().name(),
        report.source(),
        report.metricsText(),
        report.protocol(),
        first.bundle().architecture(),
        trained(first.recipe().epochs()),
        weights(first.recipe().weights()),
        first.data().split(),
        Markdown.escape(first.data().name()),
        first.data().pictures(),
        first.data().patients(),
        first.data().fingerprint().substring(0, Math.min(12, first.data().fingerprint().length())),
        report.remark() == null ? "" : " %s.".formatted(report.remark()),
        family.hasSeveralSeeds(),
        family.members().size(),
        family.members().stream().map(ResultsDocument::column).toList(),
        rows(family, report));
  }

  private static String trained(int epochs) {
    return epochs == 0 ? "fitted, not trained" : epochs == 1 ? "1 epoch" : epochs + " epochs";
  }

  private static String weights(StoredResult.@Nullable Weights weights) {
    if (weights == null) {
      return "";
    }
    return ", from the weights of `%s` (SHA-256 %s)"
        .formatted(
            weights.file(),
            weights.sha256() == null ? StoredResult.NOT_STORED : "`" + weights.sha256() + "`");
  }

  private static Column column(Entry kept) {
    StoredResult result = kept.result();
    return new Column(
        seed(kept),
        kept.path(),
        threads(result.run()),
        run(result),
        Markdown.commandArgument(result.trainedOn()),
        judged(result));
  }

  private static String threads(StoredResult.@Nullable RunInfo run) {
    OptionalInt threads = run == null ? OptionalInt.empty() : run.threads();
    return threads.isEmpty() ? "" : "OMP_NUM_THREADS=%d ".formatted(threads.getAsInt());
  }

  /** The options of {@code evaluate} that tell what is judged. */
  private static String judged(StoredResult result) {
    StoredResult.Data data = result.data();
    String options = "--data " + Markdown.commandArgument(data.name());
    if (!data.split().equals(Split.TEST.toString())) {
      options += " --split " + data.split();
    }
    return result.trainedOn().equals(data.name())
        ? options
        : "%s --train-data %s".formatted(options, Markdown.commandArgument(result.trainedOn()));
  }

  private static List<RowView> rows(SeedGroup family, PublishedReports.Report report) {
    List<RowView> rows = new ArrayList<>();
    for (String name : StoredResult.METRIC_ORDER) {
      if (family.hasMetric(name)) {
        rows.add(
            new RowView(
                StoredResult.displayName(name),
                report.metricText(name),
                family.meanText(name),
                cells(family, result -> result.metric(name).text())));
      }
    }
    rows.add(
        facts(
            "threshold",
            family,
            result -> StoredMetric.number(result.bundle().threshold().value())));
    rows.add(facts("temperature", family, result -> temperature(result.bundle().temperature())));
    rows.add(facts("kept epoch", family, result -> String.valueOf(result.bundle().epoch())));
    rows.add(ofRun("wall time of training", family, StoredResult.RunInfo::time));
    rows.add(ofRun("most memory", family, StoredResult.RunInfo::memory));
    rows.add(ofRun("trained on", family, StoredResult.RunInfo::device));
    rows.add(facts("bundle", family, result -> "`%s`".formatted(result.bundle().id())));
    rows.add(facts("cxr commit", family, result -> "`%s`".formatted(result.bundle().gitCommit())));
    return rows;
  }

  private static String temperature(@Nullable Double temperature) {
    return temperature == null ? StoredResult.NOT_STORED : StoredMetric.number(temperature);
  }

  private static List<String> cells(SeedGroup family, Function<StoredResult, String> cell) {
    return family.members().stream().map(member -> cell.apply(member.result())).toList();
  }

  private static RowView facts(String name, SeedGroup family, Function<StoredResult, String> fact) {
    return new RowView(name, "", "", cells(family, fact));
  }

  private static RowView ofRun(
      String name, SeedGroup family, Function<StoredResult.RunInfo, String> fact) {
    return facts(
        name,
        family,
        result -> {
          StoredResult.RunInfo run = result.run();
          return run == null ? StoredResult.NOT_STORED : Markdown.escape(fact.apply(run));
        });
  }

  private List<GoalView> goals(PublishedReports.Goal goal) {
    List<GoalView> views = new ArrayList<>();
    for (SeedGroup family :
        SeedGroup.group(goal.isPlain() ? kept.uncalibrated() : kept.calibrated())) {
      StoredResult first = family.first();
      SiteCalibration calibration = first.bundle().calibration();
      if (first.recipe().name().equals(goal.recipe())
          && first.isComparable()
          && (calibration == null || !calibration.usedLabels())
          && family.summary(goal.figure()).mean() instanceof Estimate.Defined mean) {
        double missing = goal.atLeast() - mean.value();
        views.add(
            goal(
                goal,
                first.displayName(),
                calibration == null ? PLAIN : calibration.method(),
                calibration == null
                    ? family.meanText(goal.figure())
                    : siteMean(family, goal.figure()),
                missing <= 0
                    ? "reached"
                    : String.format(Locale.ROOT, "**missed** by %.4f", missing)));
      }
    }
    return views.isEmpty()
        ? List.of(
            goal(
                goal,
                goal.recipe(),
                goal.isPlain() ? PLAIN : "calibrated on a site",
                NONE,
                "**not measured**"))
        : views;
  }

  /** The mean, which seeds it is of, and what these were before, so that nothing is left out. */
  private String siteMean(SeedGroup family, String figure) {
    SeedGroup before =
        new SeedGroup(
            family.members().stream()
                .flatMap(member -> before(member.result()).stream())
                .map(result -> new Entry("", result))
                .toList());
    String as =
        before.members().size() == family.members().size()
            ? "%s before".formatted(before.meanText(figure))
            : "before: " + StoredResult.NOT_STORED;
    if (family.first().members() > 1) {
      return "%s; %s".formatted(family.meanText(figure), as);
    }
    List<Long> seeds = family.members().stream().map(ResultsDocument::seed).toList();
    String others =
        kept.singleModels().stream()
            .filter(plain -> plain.result().displayName().equals(family.first().displayName()))
            .map(ResultsDocument::seed)
            .filter(seed -> !seeds.contains(seed))
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return "%s of seeds %s%s; %s"
        .formatted(
            family.meanText(figure),
            seeds.stream().map(String::valueOf).collect(Collectors.joining(", ")),
            others.isEmpty() ? "" : " without " + others,
            as);
  }

  private static long seed(Entry kept) {
    return kept.result().recipe().seed();
  }

  private static GoalView goal(
      PublishedReports.Goal goal, String name, String protocol, String reached, String verdict) {
    return new GoalView(
        StoredResult.displayName(goal.figure()),
        name,
        protocol,
        StoredMetric.number(goal.atLeast()),
        reached,
        verdict);
  }

  private EnsembleView ensemble(StoredResult result) {
    String recipe = result.recipe().name();
    List<String> members =
        kept.singleModels().stream()
            .map(Entry::result)
            .filter(member -> member.recipe().name().equals(recipe))
            .map(member -> "runs/" + bundleOf(member))
            .toList();
    return new EnsembleView(
        result.displayName(),
        recipe,
        members.size() == result.members() ? String.join(" ", members) : "BUNDLES",
        Markdown.commandArgument(result.trainedOn()),
        judged(result),
        result.bundle().id(),
        StoredMetric.number(result.bundle().threshold().value()),
        result.metric("accuracy").text(),
        result.metric("auroc").text(),
        result.metric("recall").text(),
        result.metric("specificity").text(),
        figureIfAny(result, "classesAccuracy"),
        figureIfAny(result, "causeAuroc"));
  }

  private static String figureIfAny(StoredResult result, String name) {
    return result.figures().containsKey(name) ? result.metric(name).text() : NONE;
  }

  private VotedView voted(StoredResult result) {
    KnnIndex index = Objects.requireNonNull(result.bundle().index());
    Optional<StoredResult> before = judgedTogether(index.sourceBundle(), result);
    String over = StoredResult.readableName(index.features());
    return new VotedView(
        result.displayName(),
        result.recipe().seed(),
        result.bundle().id(),
        index.sourceBundle(),
        "%d by %s distance, %s weights"
            .formatted(
                index.vote().k(),
                StoredResult.readableName(index.distance()),
                StoredResult.readableName(index.vote().weighting())),
        StoredMetric.number(result.bundle().threshold().value()),
        "--over %s --distance %s --weighting %s"
            .formatted(
                over,
                StoredResult.readableName(index.distance()),
                StoredResult.readableName(index.vote().weighting())),
        bundleOf(result),
        "%s-%s".formatted(run(result), over),
        Markdown.commandArgument(result.trainedOn()),
        judged(result),
        GLANCE.stream().map(figure -> change(before, result, figure)).toList());
  }

  /** The folder of what training left, as commands name it. */
  private static String run(StoredResult result) {
    StoredResult.Recipe recipe = result.recipe();
    return "%s-%s".formatted(recipe.name(), result.members() == 1 ? recipe.seed() : "ensemble");
  }

  /** The bundle that training left there: a single run's lies in its folder, an ensemble is one. */
  private static String bundleOf(StoredResult result) {
    return result.members() == 1 ? run(result) + "/bundle" : run(result);
  }

  private static String change(Optional<StoredResult> before, StoredResult after, String figure) {
    return after.figures().containsKey(figure)
        ? change(before.map(result -> result.metric(figure)), after.metric(figure).text())
        : NONE;
  }

  private static String change(Optional<StoredMetric> before, String after) {
    return "%s → %s"
        .formatted(before.map(StoredMetric::valueText).orElse(StoredResult.NOT_STORED), after);
  }

  private SiteView site(StoredResult result) {
    SiteCalibration calibration = Objects.requireNonNull(result.bundle().calibration());
    Optional<StoredResult> before = before(result);
    boolean ofBothSides = calibration.method().endsWith(ClassPresence.BOTH.clause());
    return new SiteView(
        result.displayName(),
        result.members() > 1 ? NONE : String.valueOf(result.recipe().seed()),
        result.bundle().id(),
        calibration.sourceBundle(),
        calibration.method(),
        StoredMetric.number(calibration.originalThreshold().value()),
        StoredMetric.number(result.bundle().threshold().value()),
        before.map(other -> other.metric("accuracy").text()).orElse(StoredResult.NOT_STORED),
        result.metric("accuracy").text(),
        result.metric("recall").text(),
        result.metric("specificity").text(),
        result.metric("auroc").text(),
        calibration.usedLabels() ? "--labels FILE " : ofBothSides ? "--sides both " : "",
        bundleOf(result),
        run(result)
            + "-site"
            + (calibration.usedLabels() ? "-labelled" : ofBothSides ? "-both" : ""),
        judged(result));
  }

  /** The bundle that a calibrated one was made of, judged on the same pictures. */
  private Optional<StoredResult> before(StoredResult calibrated) {
    return judgedTogether(
        Objects.requireNonNull(calibrated.bundle().calibration()).sourceBundle(), calibrated);
  }

  /** The result of a bundle, judged on the same pictures as another. */
  private Optional<StoredResult> judgedTogether(String bundle, StoredResult other) {
    return kept.uncalibrated().stream()
        .map(Entry::result)
        .filter(
            result ->
                result.bundle().id().equals(bundle)
                    && result.data().fingerprint().equals(other.data().fingerprint()))
        .findFirst();
  }

  private List<Comparison> comparisons(SeedGroup family) {
    StoredResult first = family.first();
    PublishedReports.Report report = reports.of(first.recipe().name());
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : StoredResult.METRIC_ORDER) {
      Double reported = report.reported().get(name);
      if (reported != null) {
        StoredMetric ours = family.metric(name);
        comparisons.add(
            new Comparison(
                first.recipe().name(),
                StoredResult.displayName(name),
                StoredMetric.number(reported),
                ours.text(),
                family.hasSeveralSeeds()
                    ? "of the mean of %d seeds".formatted(family.members().size())
                    : "of one seed, by patient",
                verdict(ours, reported)));
      }
    }
    return comparisons;
  }

  private static String verdict(StoredMetric ours, double reported) {
    if (ours.value() == null) {
      return NONE;
    }
    if (ours.reaches(reported)) {
      return "reached";
    }
    return ours.isConsistentWith(reported) ? "lower, but within the interval" : "**missed**";
  }

  private static Transfer transfer(StoredResult result) {
    return new Transfer(
        result.recipe().name(),
        result.recipe().seed(),
        transfer(result, "auroc"),
        transfer(result, "recall"),
        ofNegatives(result, StoredResult.NegativeScores::specificity),
        ofNegatives(result, StoredResult.NegativeScores::median),
        transfer(result, "classesAccuracy"),
        transfer(result, "causeAuroc"));
  }

  private static String transfer(StoredResult result, String figure) {
    return result.figures().containsKey(figure)
        ? change(result.promised(figure), result.metric(figure).valueText())
        : NONE;
  }

  private static String ofNegatives(
      StoredResult result, ToDoubleFunction<StoredResult.NegativeScores> figure) {
    return result.negatives().size() < 2
        ? NONE
        : result.negatives().stream()
            .map(split -> StoredMetric.number(figure.applyAsDouble(split)))
            .collect(Collectors.joining(" → "));
  }

  private Superseded superseded(SeedGroup family) {
    StoredResult first = family.first();
    return new Superseded(
        first.displayName(),
        family.members().size(),
        first.bundle().architecture(),
        GLANCE.stream().map(figure -> glance(family, figure)).toList(),
        family.members().stream()
            .map(member -> "`%s`".formatted(member.result().bundle().gitCommit()))
            .distinct()
            .collect(Collectors.joining(", ")),
        Objects.requireNonNullElse(reports.of(first.recipe().name()).changed(), NONE));
  }

  private List<NotRun> notRun() {
    Set<String> run = new HashSet<>();
    kept.singleModels().forEach(plain -> run.add(plain.result().recipe().name()));
    return reports.reports().stream()
        .filter(report -> !run.contains(report.recipe()))
        .map(
            report ->
                new NotRun(
                    report.recipe(),
                    report.source(),
                    report.metricsText(),
                    report.protocol(),
                    Objects.requireNonNullElse(report.notRun(), "no result of it is kept yet")))
        .toList();
  }
}
