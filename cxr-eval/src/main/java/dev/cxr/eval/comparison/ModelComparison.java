package dev.cxr.eval.comparison;

import dev.cxr.data.index.Task;
import dev.cxr.eval.evaluation.CascadeMetrics;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.evaluation.LabelledPredictions;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.BootstrapResult;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.MultiClassMetrics;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.RankingMetrics;
import dev.cxr.eval.metrics.comparison.DeLongTest;
import dev.cxr.eval.metrics.comparison.HolmCorrection;
import dev.cxr.eval.metrics.comparison.McNemarTest;
import dev.cxr.eval.metrics.comparison.SeedSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Several models on the same images.
 *
 * @param models the metrics of each, in the given order
 * @param pairs every pair of models
 * @param seedGroups models that differ only in their seed
 */
public record ModelComparison(
    List<ModelMetrics> models, List<ModelPair> pairs, List<SeedReplicates> seedGroups) {

  /**
   * One model.
   *
   * @param label its name
   * @param settings its task and threshold
   * @param binary the positive class against the rest, at its threshold
   * @param multiClass with three classes, by the most probable one
   * @param cascade with three classes, decided in two steps
   */
  public record ModelMetrics(
      String label,
      EvaluationSettings settings,
      BinaryMetrics binary,
      Optional<MultiClassMetrics> multiClass,
      Optional<CascadeMetrics> cascade) {}

  /**
   * A pair of models. All p-values of the same test are corrected together.
   *
   * @param first label of one model
   * @param second label of the other
   * @param auroc the first's area minus the second's, with an interval by patient
   * @param aurocCorrected its p-value after Holm's correction
   * @param decisions correct decisions, each at its own threshold
   * @param decisionsCorrected its p-value after Holm's correction
   * @param classes if both have three classes, correctly predicted classes
   * @param classesCorrected its p-value after Holm's correction
   * @param bacterialVsViral if both have three classes, the first's area of bacterial against viral
   *     pneumonia minus the second's
   * @param bacterialVsViralCorrected its p-value after Holm's correction
   */
  public record ModelPair(
      String first,
      String second,
      DeLongTest auroc,
      Estimate aurocCorrected,
      McNemarTest decisions,
      Estimate decisionsCorrected,
      Optional<McNemarTest> classes,
      Optional<Estimate> classesCorrected,
      Optional<DeLongTest> bacterialVsViral,
      Optional<Estimate> bacterialVsViralCorrected) {}

  /**
   * Models of one recipe that differ only in their seed.
   *
   * @param members their labels
   * @param metrics the summary of each metric
   */
  public record SeedReplicates(List<String> members, Map<String, SeedSummary> metrics) {}

  private record IndexPair(int first, int second) {}

  /**
   * {@return the comparison}
   *
   * @param entries at least two, with predictions of the same images in the same order
   * @throws IllegalArgumentException if the labels of the images differ
   */
  public static ModelComparison of(List<ModelEntry> entries) {
    EvaluationSettings settings = entries.get(0).settings();
    List<LabelledPredictions> rows =
        entries.stream()
            .map(
                e ->
                    new LabelledPredictions(
                        e.settings().task(), e.predictions(), ClassSources.SHARED))
            .toList();
    PatientBootstrap bootstrap =
        PatientBootstrap.of(
            rows.get(0).patients(), settings.bootstrapSeed(), settings.bootstrapResamples());
    List<ModelMetrics> metrics =
        IntStream.range(0, rows.size())
            .mapToObj(i -> modelMetrics(entries.get(i), rows.get(i), bootstrap))
            .toList();
    return new ModelComparison(
        metrics, pairs(entries, rows, bootstrap), seedGroups(entries, metrics));
  }

  private static ModelMetrics modelMetrics(
      ModelEntry entry, LabelledPredictions rows, PatientBootstrap bootstrap) {
    EvaluationSettings own = entry.settings();
    return new ModelMetrics(
        entry.label(),
        own,
        BinaryMetrics.of(rows.scores(), own.threshold(), bootstrap),
        own.task() == Task.THREE_CLASS
            ? Optional.of(MultiClassMetrics.of(rows.classes(), bootstrap))
            : Optional.empty(),
        own.task() == Task.THREE_CLASS
            ? Optional.of(CascadeMetrics.of(rows, own, bootstrap))
            : Optional.empty());
  }

  private static List<ModelPair> pairs(
      List<ModelEntry> entries, List<LabelledPredictions> rows, PatientBootstrap bootstrap) {
    List<LabelledScores> scores = rows.stream().map(LabelledPredictions::scores).toList();
    BootstrapResult<List<Estimate>> areas =
        bootstrap.resample(
            weights ->
                scores.stream()
                    .map(s -> RankingMetrics.of(s.withWeights(weights)).auroc())
                    .toList());
    List<IndexPair> pairs = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      for (int j = i + 1; j < rows.size(); j++) {
        pairs.add(new IndexPair(i, j));
      }
    }
    boolean classes = entries.stream().allMatch(e -> e.settings().task() == Task.THREE_CLASS);
    List<DeLongTest> aurocs =
        pairs.stream()
            .map(
                two ->
                    withPatientInterval(
                        two, DeLongTest.of(scores.get(two.first), scores.get(two.second)), areas))
            .toList();
    List<McNemarTest> decisions =
        pairs.stream().map(two -> test(two, entries, ModelEntry::correctDecisions)).toList();
    List<McNemarTest> named =
        classes
            ? pairs.stream().map(two -> test(two, entries, ModelEntry::correctClasses)).toList()
            : List.of();
    List<DeLongTest> causes =
        classes ? pairs.stream().map(two -> bacterialVsViralTest(two, rows)).toList() : List.of();
    List<Estimate> causeP = HolmCorrection.correct(causes.stream().map(DeLongTest::p).toList());
    List<Estimate> aurocP = HolmCorrection.correct(aurocs.stream().map(DeLongTest::p).toList());
    List<Estimate> decisionP =
        HolmCorrection.correct(decisions.stream().map(McNemarTest::p).toList());
    List<Estimate> namedP = HolmCorrection.correct(named.stream().map(McNemarTest::p).toList());
    return IntStream.range(0, pairs.size())
        .mapToObj(
            i ->
                new ModelPair(
                    entries.get(pairs.get(i).first).label(),
                    entries.get(pairs.get(i).second).label(),
                    aurocs.get(i),
                    aurocP.get(i),
                    decisions.get(i),
                    decisionP.get(i),
                    classes ? Optional.of(named.get(i)) : Optional.empty(),
                    classes ? Optional.of(namedP.get(i)) : Optional.empty(),
                    classes ? Optional.of(causes.get(i)) : Optional.empty(),
                    classes ? Optional.of(causeP.get(i)) : Optional.empty()))
        .toList();
  }

  private static DeLongTest bacterialVsViralTest(IndexPair two, List<LabelledPredictions> rows) {
    return DeLongTest.of(
        bacterialVsViralScores(rows.get(two.first)), bacterialVsViralScores(rows.get(two.second)));
  }

  private static LabelledScores bacterialVsViralScores(LabelledPredictions rows) {
    return CascadeMetrics.bacterialVsViral(rows.filter(p -> p.finding().isPneumonia()));
  }

  private static McNemarTest test(
      IndexPair two, List<ModelEntry> entries, Function<ModelEntry, boolean[]> correct) {
    return McNemarTest.of(
        correct.apply(entries.get(two.first)), correct.apply(entries.get(two.second)));
  }

  /** {@return the test, its difference with an interval by patient} */
  private static DeLongTest withPatientInterval(
      IndexPair two, DeLongTest test, BootstrapResult<List<Estimate>> areas) {
    Estimate resampled = areas.estimate(all -> difference(all.get(two.first), all.get(two.second)));
    if (test.difference() instanceof Estimate.Defined own
        && resampled instanceof Estimate.Defined other) {
      return new DeLongTest(
          new Estimate.Defined(own.value(), own.n(), own.interval(), other.byPatient()),
          test.z(),
          test.p());
    }
    return test;
  }

  private static Estimate difference(Estimate first, Estimate second) {
    return first instanceof Estimate.Defined a && second instanceof Estimate.Defined b
        ? new Estimate.Defined(a.value() - b.value(), a.n())
        : new Estimate.Undefined("an AUROC is undefined");
  }

  private static List<SeedReplicates> seedGroups(
      List<ModelEntry> entries, List<ModelMetrics> models) {
    Map<String, List<ModelMetrics>> byRecipe = new LinkedHashMap<>();
    for (int i = 0; i < models.size(); i++) {
      if (!entries.get(i).recipe().isEmpty()) {
        byRecipe
            .computeIfAbsent(entries.get(i).recipe(), recipe -> new ArrayList<>())
            .add(models.get(i));
      }
    }
    return byRecipe.values().stream()
        .filter(members -> members.size() > 1)
        .map(ModelComparison::seedGroup)
        .toList();
  }

  private static SeedReplicates seedGroup(List<ModelMetrics> members) {
    Map<String, Function<BinaryMetrics, Estimate>> metrics = new LinkedHashMap<>();
    metrics.put("auroc", BinaryMetrics::auroc);
    metrics.put("averagePrecision", BinaryMetrics::averagePrecision);
    metrics.put("recall", BinaryMetrics::recall);
    metrics.put("specificity", BinaryMetrics::specificity);
    metrics.put("accuracy", BinaryMetrics::accuracy);
    metrics.put("f1", BinaryMetrics::f1);
    metrics.put("brier", BinaryMetrics::brier);
    Map<String, SeedSummary> spreads = new LinkedHashMap<>();
    metrics.forEach(
        (name, metric) ->
            spreads.put(
                name,
                SeedSummary.of(members.stream().map(ModelMetrics::binary).map(metric).toList())
                    .clampToUnit()));
    return new SeedReplicates(members.stream().map(ModelMetrics::label).toList(), spreads);
  }
}
