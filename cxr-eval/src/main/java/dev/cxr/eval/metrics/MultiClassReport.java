package dev.cxr.eval.metrics;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * All that this package can say about the probabilities of several classes, ready to be written
 * out. Its binary reading is a {@link BinaryReport} of {@link LabelledClasses#anyBut}.
 *
 * @param confusion the counts of the most probable classes
 * @param normalised the confusion matrix with each row divided by its sum
 * @param classes the figures of each class against the rest, in order
 * @param macro the mean of those figures over the classes
 * @param weighted their mean, each class counting by its support
 * @param accuracy {@link ClassConfusion#accuracy}
 * @param balancedAccuracy {@link ClassConfusion#balancedAccuracy}
 * @param mcc {@link ClassConfusion#mcc}
 * @param kappa {@link ClassConfusion#kappa}
 * @param brier the mean squared distance of the probabilities from the truth, summed over the
 *     classes, in [0, 2] (G. W. Brier, 1950, in its original form)
 * @param logLoss the mean cross-entropy in nats, clipped as {@link ProperScores#logLoss}
 */
public record MultiClassReport(
    ClassConfusion confusion,
    List<List<Estimate>> normalised,
    List<OneClass> classes,
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
   * @param support how many examples are of it
   * @param precision {@link ClassConfusion#precision}
   * @param recall {@link ClassConfusion#recall}
   * @param specificity {@link ClassConfusion#specificity}
   * @param f1 {@link ClassConfusion#f1}
   * @param auroc of its probability, with DeLong's interval
   */
  public record OneClass(
      String name,
      long support,
      Estimate precision,
      Estimate recall,
      Estimate specificity,
      Estimate f1,
      Estimate auroc) {

    private OneClass withRecall(OneClass other) {
      return new OneClass(name, other.support, precision, other.recall, specificity, f1, auroc);
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

  /** What the figures of one resample follow from. */
  private record Sample(
      ClassConfusion confusion, List<Estimate> areas, Estimate brier, Estimate logLoss) {

    static Sample of(LabelledClasses examples) {
      return new Sample(
          ClassConfusion.of(examples),
          IntStream.range(0, examples.classes().size())
              .mapToObj(c -> Ranking.of(examples.oneVersusRest(c)).area())
              .toList(),
          ProperScores.brier(examples),
          ProperScores.logLoss(examples));
    }
  }

  /** A figure of a sample, with its interval where samples were drawn. */
  private interface Figures extends Function<Function<Sample, Estimate>, Estimate> {

    default Estimate of(Function<ClassConfusion, Estimate> figure) {
      return apply(sample -> figure.apply(sample.confusion()));
    }
  }

  /** Judges probabilities against labels; no figure is defined where they have a defect. */
  public static MultiClassReport of(LabelledClasses examples) {
    return of(examples, Resampled.none(Sample.of(examples)));
  }

  /** The same with every figure's interval by patient. */
  public static MultiClassReport of(LabelledClasses examples, PatientBootstrap bootstrap) {
    return of(examples, bootstrap.resample(times -> Sample.of(examples.repeated(times))));
  }

  /**
   * The same without what mixes the classes: counts, their shares of each row and recall remain.
   *
   * @param barred the examples, {@link LabelledClasses#barred}
   */
  public MultiClassReport apart(LabelledClasses barred) {
    MultiClassReport none = of(barred);
    return new MultiClassReport(
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

  private static MultiClassReport of(LabelledClasses examples, Resampled<Sample> samples) {
    String defect = examples.defect();
    Figures figures = f -> defect != null ? new Estimate.Undefined(defect) : samples.estimate(f);
    ClassConfusion counts = samples.point().confusion();
    int size = counts.classes().size();
    return new MultiClassReport(
        counts,
        IntStream.range(0, size)
            .mapToObj(
                truth ->
                    IntStream.range(0, size)
                        .mapToObj(predicted -> figures.of(c -> c.share(truth, predicted)))
                        .toList())
            .toList(),
        IntStream.range(0, size)
            .mapToObj(c -> oneClass(counts, c, figures, auroc(examples, c, samples)))
            .toList(),
        average(ClassConfusion::macro, figures),
        average(ClassConfusion::weighted, figures),
        figures.of(ClassConfusion::accuracy),
        figures.of(ClassConfusion::balancedAccuracy),
        figures.of(ClassConfusion::mcc),
        figures.of(ClassConfusion::kappa),
        figures.apply(Sample::brier),
        figures.apply(Sample::logLoss));
  }

  private static Estimate auroc(LabelledClasses examples, int index, Resampled<Sample> samples) {
    String defect = examples.defect();
    return defect != null
        ? new Estimate.Undefined(defect)
        : samples.estimate(
            Ranking.of(examples.oneVersusRest(index)).auroc(), sample -> sample.areas().get(index));
  }

  private static OneClass oneClass(
      ClassConfusion counts, int index, Figures figures, Estimate auroc) {
    return new OneClass(
        counts.classes().get(index),
        counts.support(index),
        figures.of(c -> c.precision(index)),
        figures.of(c -> c.recall(index)),
        figures.of(c -> c.specificity(index)),
        figures.of(c -> c.f1(index)),
        auroc);
  }

  private static Average average(
      BiFunction<ClassConfusion, IntFunction<Estimate>, Estimate> mean, Figures figures) {
    return new Average(
        figures.of(c -> mean.apply(c, c::precision)),
        figures.of(c -> mean.apply(c, c::recall)),
        figures.of(c -> mean.apply(c, c::f1)),
        figures.apply(s -> mean.apply(s.confusion(), s.areas()::get)));
  }
}
