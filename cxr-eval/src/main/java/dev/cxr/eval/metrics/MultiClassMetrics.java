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
 * @param classes the metrics of each class against the rest, in order
 * @param macro the mean of those metrics over the classes
 * @param weighted their mean, weighted by support
 * @param accuracy {@link MultiClassConfusionMatrix#accuracy}
 * @param balancedAccuracy {@link MultiClassConfusionMatrix#balancedAccuracy}
 * @param mcc {@link MultiClassConfusionMatrix#mcc}
 * @param kappa {@link MultiClassConfusionMatrix#kappa}
 * @param brier the mean squared distance of the probabilities from the true class, summed over the
 *     classes, in [0, 2] (G. W. Brier, 1950, in its original form)
 * @param logLoss the mean cross-entropy in nats, clipped as {@link LabelledExamples#logLoss}
 */
public record MultiClassMetrics(
    MultiClassConfusionMatrix confusion,
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
      Estimate auroc) {}

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
              .mapToObj(c -> RankingMetrics.of(examples.oneVersusRest(c)).aurocWithoutInterval())
              .toList(),
          examples.brier(),
          examples.logLoss());
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
    return of(examples, bootstrap.resample(weights -> Sample.of(examples.withWeights(weights))));
  }

  private static MultiClassMetrics of(
      LabelledProbabilities examples, BootstrapResult<Sample> samples) {
    MetricSource ofOneClass = metric -> samples.estimate(examples.undefinedReason(), metric);
    MetricSource crossClass = metric -> samples.estimate(examples.crossClassReason(), metric);
    MultiClassConfusionMatrix counts = samples.point().confusion();
    int size = counts.classes().size();
    return new MultiClassMetrics(
        counts,
        IntStream.range(0, size)
            .mapToObj(
                c ->
                    new ClassMetrics(
                        counts.classes().get(c),
                        counts.support(c),
                        crossClass.of(counted -> counted.precision(c)),
                        ofOneClass.of(counted -> counted.recall(c)),
                        crossClass.of(counted -> counted.specificity(c)),
                        crossClass.of(counted -> counted.f1(c)),
                        auroc(examples, c, samples)))
            .toList(),
        average(MultiClassConfusionMatrix::macro, crossClass),
        average(MultiClassConfusionMatrix::weighted, crossClass),
        crossClass.of(MultiClassConfusionMatrix::accuracy),
        crossClass.of(MultiClassConfusionMatrix::balancedAccuracy),
        crossClass.of(MultiClassConfusionMatrix::mcc),
        crossClass.of(MultiClassConfusionMatrix::kappa),
        crossClass.apply(Sample::brier),
        crossClass.apply(Sample::logLoss));
  }

  private static Estimate auroc(
      LabelledProbabilities examples, int index, BootstrapResult<Sample> samples) {
    LabelledScores scores =
        examples.oneVersusRest(index).withoutCrossClass(examples.crossClassReason());
    return samples.estimate(
        RankingMetrics.of(scores).auroc(), sample -> sample.aurocs().get(index));
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
