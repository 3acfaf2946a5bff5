package dev.cxr.eval.metrics;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All metrics of the probabilities of several classes, ready for JSON. For any class against the
 * rest use {@link BinaryMetrics} of {@link LabelledProbabilities#restVersusOne}.
 *
 * @param confusion the counts of the predicted classes
 * @param normalised the confusion matrix, each row divided by its sum
 * @param classes the metrics of each class against the rest, in order
 * @param macro the mean of those metrics over the classes
 * @param weighted their mean, weighted by support
 * @param accuracy {@link MultiClassConfusionMatrix#accuracy}
 * @param balancedAccuracy {@link MultiClassConfusionMatrix#balancedAccuracy}
 * @param mcc {@link MultiClassConfusionMatrix#mcc}
 * @param kappa {@link MultiClassConfusionMatrix#kappa}
 * @param brier the mean squared distance of the probabilities from the true class, summed over the
 *     classes, in [0, 2] (G. W. Brier, 1950, in its original form)
 * @param logLoss the mean cross-entropy in nats, clipped as {@link ProperScoringRules#logLoss}
 */
public record MultiClassMetrics(
    MultiClassConfusionMatrix confusion,
    List<List<Estimate>> normalised,
    List<ClassMetrics> classes,
    Average macro,
    Average weighted,
    Estimate accuracy,
    Estimate balancedAccuracy,
    Estimate mcc,
    Estimate kappa,
    Estimate brier,
    Estimate logLoss) {

  /**
   * One class against the rest.
   *
   * @param name of the class
   * @param support the number of its examples
   * @param precision {@link MultiClassConfusionMatrix#precision}
   * @param recall {@link MultiClassConfusionMatrix#recall}
   * @param specificity {@link MultiClassConfusionMatrix#specificity}
   * @param f1 {@link MultiClassConfusionMatrix#f1}
   * @param auroc of its probability, with DeLong's interval
   */
  public record ClassMetrics(
      String name,
      long support,
      Estimate precision,
      Estimate recall,
      Estimate specificity,
      Estimate f1,
      Estimate auroc) {

    private ClassMetrics withRecall(ClassMetrics other) {
      return new ClassMetrics(name, other.support, precision, other.recall, specificity, f1, auroc);
    }
  }

  /**
   * A mean over the classes.
   *
   * @param precision mean precision
   * @param recall mean recall
   * @param f1 mean F1
   * @param auroc mean AUROC of a class against the rest
   */
  public record Average(Estimate precision, Estimate recall, Estimate f1, Estimate auroc) {}

  /** What the metrics of one resample are computed from. */
  private record Sample(
      MultiClassConfusionMatrix confusion,
      List<Estimate> aurocs,
      Estimate brier,
      Estimate logLoss) {

    static Sample of(LabelledProbabilities examples) {
      return new Sample(
          MultiClassConfusionMatrix.of(examples),
          IntStream.range(0, examples.classes().size())
              .mapToObj(c -> RankedScores.of(examples.oneVersusRest(c)).aurocWithoutInterval())
              .toList(),
          ProperScoringRules.brier(examples),
          ProperScoringRules.logLoss(examples));
    }
  }

  /** A metric of a sample, with its interval if patients were resampled. */
  private interface MetricSource extends Function<Function<Sample, Estimate>, Estimate> {

    default Estimate of(Function<MultiClassConfusionMatrix, Estimate> metric) {
      return apply(sample -> metric.apply(sample.confusion()));
    }
  }

  /**
   * {@return the metrics; all undefined if the examples have a reason to be}
   *
   * @param examples the examples to evaluate
   */
  public static MultiClassMetrics of(LabelledProbabilities examples) {
    return of(examples, BootstrapResult.none(Sample.of(examples)));
  }

  /**
   * {@return the metrics, each with its interval by patient}
   *
   * @param examples the examples to evaluate
   * @param bootstrap resamples the patients of the examples, in the same order
   */
  public static MultiClassMetrics of(LabelledProbabilities examples, PatientBootstrap bootstrap) {
    return of(examples, bootstrap.resample(weights -> Sample.of(examples.resample(weights))));
  }

  /**
   * {@return the same metrics, except that those that compare classes are undefined} Counts, their
   * row shares and recall remain.
   *
   * @param undefined the same examples after {@link LabelledProbabilities#undefined}
   */
  public MultiClassMetrics withoutCrossClass(LabelledProbabilities undefined) {
    MultiClassMetrics none = of(undefined);
    return new MultiClassMetrics(
        confusion,
        normalised,
        IntStream.range(0, classes.size())
            .mapToObj(c -> none.classes.get(c).withRecall(classes.get(c)))
            .toList(),
        none.macro,
        none.weighted,
        none.accuracy,
        none.balancedAccuracy,
        none.mcc,
        none.kappa,
        none.brier,
        none.logLoss);
  }

  private static MultiClassMetrics of(
      LabelledProbabilities examples, BootstrapResult<Sample> samples) {
    String undefinedReason = examples.undefinedReason();
    MetricSource metrics =
        f ->
            undefinedReason != null ? new Estimate.Undefined(undefinedReason) : samples.estimate(f);
    MultiClassConfusionMatrix counts = samples.point().confusion();
    int size = counts.classes().size();
    return new MultiClassMetrics(
        counts,
        IntStream.range(0, size)
            .mapToObj(
                actual ->
                    IntStream.range(0, size)
                        .mapToObj(predicted -> metrics.of(c -> c.rowShare(actual, predicted)))
                        .toList())
            .toList(),
        IntStream.range(0, size)
            .mapToObj(c -> classMetrics(counts, c, metrics, auroc(examples, c, samples)))
            .toList(),
        average(MultiClassConfusionMatrix::macro, metrics),
        average(MultiClassConfusionMatrix::weighted, metrics),
        metrics.of(MultiClassConfusionMatrix::accuracy),
        metrics.of(MultiClassConfusionMatrix::balancedAccuracy),
        metrics.of(MultiClassConfusionMatrix::mcc),
        metrics.of(MultiClassConfusionMatrix::kappa),
        metrics.apply(Sample::brier),
        metrics.apply(Sample::logLoss));
  }

  private static Estimate auroc(
      LabelledProbabilities examples, int index, BootstrapResult<Sample> samples) {
    String undefinedReason = examples.undefinedReason();
    return undefinedReason != null
        ? new Estimate.Undefined(undefinedReason)
        : samples.estimate(
            RankedScores.of(examples.oneVersusRest(index)).auroc(),
            sample -> sample.aurocs().get(index));
  }

  private static ClassMetrics classMetrics(
      MultiClassConfusionMatrix counts, int index, MetricSource metrics, Estimate auroc) {
    return new ClassMetrics(
        counts.classes().get(index),
        counts.support(index),
        metrics.of(c -> c.precision(index)),
        metrics.of(c -> c.recall(index)),
        metrics.of(c -> c.specificity(index)),
        metrics.of(c -> c.f1(index)),
        auroc);
  }

  private static Average average(
      BiFunction<MultiClassConfusionMatrix, IntFunction<Estimate>, Estimate> mean,
      MetricSource metrics) {
    return new Average(
        metrics.of(c -> mean.apply(c, c::precision)),
        metrics.of(c -> mean.apply(c, c::recall)),
        metrics.of(c -> mean.apply(c, c::f1)),
        metrics.apply(s -> mean.apply(s.confusion(), s.aurocs()::get)));
  }
}
