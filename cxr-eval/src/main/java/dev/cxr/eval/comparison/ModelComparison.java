package dev.cxr.eval.comparison;

import dev.cxr.eval.evaluation.CascadeMetrics;
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
import java.util.stream.Collectors;
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
   * @param classes if both have several classes, correctly predicted classes
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

  /**
   * {@return the comparison}
   *
   * @param entries at least two, with predictions of the same images in the same order
   * @throws IllegalArgumentException if the labels of the images differ
   */
  public static ModelComparison of(List<ModelEntry> entries) {
    ModelEntry first = entries.get(0);
    PatientBootstrap bootstrap = first.settings().bootstrap(first.rows().patients());
    List<ModelMetrics> metrics =
        entries.stream().map(entry -> modelMetrics(entry, bootstrap)).toList();
    return new ModelComparison(metrics, pairs(entries, bootstrap), seedGroups(entries, metrics));
  }

  private static ModelMetrics modelMetrics(ModelEntry entry, PatientBootstrap bootstrap) {
    EvaluationSettings own = entry.settings();
    LabelledPredictions rows = entry.rows();
    return new ModelMetrics(
        entry.label(),
        own,
        BinaryMetrics.of(rows.scores(), own.threshold(), bootstrap),
        own.task().isMultiClass()
            ? Optional.of(MultiClassMetrics.of(rows.classes(), bootstrap))
            : Optional.empty(),
        CascadeMetrics.appliesTo(own.task())
            ? Optional.of(CascadeMetrics.of(rows, own, bootstrap))
            : Optional.empty());
  }

  private static List<ModelPair> pairs(List<ModelEntry> entries, PatientBootstrap bootstrap) {
    List<LabelledScores> scores = entries.stream().map(entry -> entry.rows().scores()).toList();
    BootstrapResult<List<Estimate>> areas =
        bootstrap.resample(
            weights ->
                scores.stream()
                    .map(s -> RankingMetrics.of(s.withWeights(weights)).auroc())
                    .toList());
    boolean classes = entries.stream().allMatch(e -> e.settings().task().isMultiClass());
    List<ModelPair> pairs = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      for (int j = i + 1; j < entries.size(); j++) {
        int first = i;
        int second = j;
        DeLongTest auroc =
            withPatientInterval(
                DeLongTest.of(scores.get(i), scores.get(j)),
                areas.estimate(all -> difference(all.get(first), all.get(second))));
        pairs.add(uncorrected(entries.get(i), entries.get(j), auroc, classes));
      }
    }
    return corrected(pairs);
  }

  private static ModelPair uncorrected(
      ModelEntry first, ModelEntry second, DeLongTest auroc, boolean multiClass) {
    McNemarTest decisions = McNemarTest.of(first.correctDecisions(), second.correctDecisions());
    Optional<McNemarTest> classes =
        multiClass
            ? Optional.of(McNemarTest.of(first.correctClasses(), second.correctClasses()))
            : Optional.empty();
    Optional<DeLongTest> bacterialVsViral =
        multiClass && CascadeMetrics.appliesTo(first.settings().task())
            ? Optional.of(
                DeLongTest.of(
                    CascadeMetrics.bacterialVsViral(first.rows()),
                    CascadeMetrics.bacterialVsViral(second.rows())))
            : Optional.empty();
    return new ModelPair(
        first.label(),
        second.label(),
        auroc,
        auroc.p(),
        decisions,
        decisions.p(),
        classes,
        classes.map(McNemarTest::p),
        bacterialVsViral,
        bacterialVsViral.map(DeLongTest::p));
  }

  /** {@return the pairs, the p-values of each kind of test corrected together} */
  private static List<ModelPair> corrected(List<ModelPair> pairs) {
    List<Estimate> aurocs = corrected(pairs, pair -> Optional.of(pair.aurocCorrected));
    List<Estimate> decisions = corrected(pairs, pair -> Optional.of(pair.decisionsCorrected));
    List<Estimate> classes = corrected(pairs, ModelPair::classesCorrected);
    List<Estimate> causes = corrected(pairs, ModelPair::bacterialVsViralCorrected);
    return IntStream.range(0, pairs.size())
        .mapToObj(
            i ->
                new ModelPair(
                    pairs.get(i).first,
                    pairs.get(i).second,
                    pairs.get(i).auroc,
                    aurocs.get(i),
                    pairs.get(i).decisions,
                    decisions.get(i),
                    pairs.get(i).classes,
                    pairs.get(i).classes.map(test -> classes.get(i)),
                    pairs.get(i).bacterialVsViral,
                    pairs.get(i).bacterialVsViral.map(test -> causes.get(i))))
        .toList();
  }

  private static List<Estimate> corrected(
      List<ModelPair> pairs, Function<ModelPair, Optional<Estimate>> p) {
    return HolmCorrection.correct(pairs.stream().map(p).flatMap(Optional::stream).toList());
  }

  /** {@return the test, its difference with an interval by patient} */
  private static DeLongTest withPatientInterval(DeLongTest test, Estimate resampled) {
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
    Map<String, List<ModelMetrics>> byGroup =
        IntStream.range(0, models.size())
            .boxed()
            .filter(i -> !entries.get(i).seedGroup().isEmpty())
            .collect(
                Collectors.groupingBy(
                    i -> entries.get(i).seedGroup(),
                    LinkedHashMap::new,
                    Collectors.mapping(models::get, Collectors.toList())));
    return byGroup.values().stream()
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
