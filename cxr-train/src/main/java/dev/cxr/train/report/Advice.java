package dev.cxr.train.report;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.DatasetIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Advice on the next run, from the curves of this one.
 *
 * @param kind for programs
 * @param text observation and what to try
 */
record Advice(Kind kind, String text) {

  /** The subject of an advice. */
  enum Kind {
    /** The images are synthetic. */
    @SerializedName("synthetic-sample")
    SYNTHETIC_SAMPLE("Sample"),
    /** Validation is hardly better than chance. */
    @SerializedName("nothing-learned")
    NOTHING_LEARNED("Chance"),
    /** Validation got worse while training got better. */
    @SerializedName("overfitting")
    OVERFITTING("Overfitting"),
    /** The last epoch was the best. */
    @SerializedName("train-longer")
    TRAIN_LONGER("Longer"),
    /** One seed says little. */
    @SerializedName("several-seeds")
    SEVERAL_SEEDS("Seeds");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** The heading on a page. */
  String word() {
    return kind.word;
  }

  /** The style on a page: warning or notice. */
  String level() {
    return kind == Kind.SYNTHETIC_SAMPLE || kind == Kind.SEVERAL_SEEDS ? "notice" : "warning";
  }

  /** A validation loss this far above its minimum, some epochs later, has risen. */
  private static final double OVERFITTING_RISE = 1.05;

  private static final int MIN_OVERFITTING_EPOCHS = 2;

  /** A loss this far below its earlier minimum is still falling. */
  private static final double IMPROVING_FALL = 0.99;

  /** On a small validation split an AUROC below this can be chance. */
  private static final double MIN_LEARNED_AUROC = 0.6;

  static List<Advice> of(List<HistoryRow> epochs, boolean syntheticSample, boolean stoppedEarly) {
    List<Advice> advice = new ArrayList<>();
    if (syntheticSample) {
      advice.add(new Advice(Kind.SYNTHETIC_SAMPLE, DatasetIndex.SYNTHETIC_NOTICE));
    }
    nothingLearned(epochs).ifPresent(advice::add);
    Optional<Advice> overfitting = overfitting(epochs);
    overfitting.ifPresent(advice::add);
    if (overfitting.isEmpty() && !stoppedEarly) {
      stillImproving(epochs).ifPresent(advice::add);
    }
    advice.add(
        new Advice(
            Kind.SEVERAL_SEEDS,
            "Another seed gives another model. Before you compare recipes, measure the spread of"
                + " the metrics with --seeds 3."));
    return List.copyOf(advice);
  }

  private static Optional<Advice> nothingLearned(List<HistoryRow> epochs) {
    OptionalDouble best =
        epochs.stream()
            .flatMapToDouble(epoch -> epoch.metric(HistoryRow.VALIDATION_AUROC).stream())
            .max();
    return best.isPresent() && best.getAsDouble() < MIN_LEARNED_AUROC
        ? Optional.of(
            new Advice(
                Kind.NOTHING_LEARNED,
                text(
                    "The best validation AUROC is %.3f; chance is 0.5. Check the dataset with `audit`,"
                        + " and try learning rates ten times lower and ten times higher.",
                    best.getAsDouble())))
        : Optional.empty();
  }

  private static Optional<Advice> overfitting(List<HistoryRow> epochs) {
    List<HistoryRow> both =
        withMetrics(epochs, HistoryRow.VALIDATION_LOSS, HistoryRow.TRAINING_LOSS);
    if (both.isEmpty()) {
      return Optional.empty();
    }
    HistoryRow best = lowest(both, HistoryRow.VALIDATION_LOSS);
    HistoryRow last = both.get(both.size() - 1);
    double bestLoss = value(best, HistoryRow.VALIDATION_LOSS);
    double lastLoss = value(last, HistoryRow.VALIDATION_LOSS);
    double trainingThen = value(best, HistoryRow.TRAINING_LOSS);
    double trainingNow = value(last, HistoryRow.TRAINING_LOSS);
    boolean rose =
        last.number() - best.number() >= MIN_OVERFITTING_EPOCHS
            && lastLoss > bestLoss * OVERFITTING_RISE;
    return rose && trainingNow < trainingThen
        ? Optional.of(
            new Advice(
                Kind.OVERFITTING,
                text(
                    "From epoch %d to %d the training loss fell from %.4f to %.4f while the"
                        + " validation loss rose from %.4f to %.4f: the network overfits. Try stronger"
                        + " augmentation, --set adam.weight-decay=0.01, --set"
                        + " label-smoothing=0.05, or pretrained weights.",
                    best.number(), last.number(), trainingThen, trainingNow, bestLoss, lastLoss)))
        : Optional.empty();
  }

  private static Optional<Advice> stillImproving(List<HistoryRow> epochs) {
    String loss =
        withMetrics(epochs, HistoryRow.VALIDATION_LOSS).isEmpty()
            ? HistoryRow.TRAINING_LOSS
            : HistoryRow.VALIDATION_LOSS;
    List<HistoryRow> all = withMetrics(epochs, loss);
    if (all.size() < 2) {
      return Optional.empty();
    }
    HistoryRow bestBefore = lowest(all.subList(0, all.size() - 1), loss);
    double lastLoss = value(all.get(all.size() - 1), loss);
    if (lastLoss > value(bestBefore, loss) * IMPROVING_FALL) {
      return Optional.empty();
    }
    int last = all.get(all.size() - 1).number();
    return Optional.of(
        new Advice(
            Kind.TRAIN_LONGER,
            text(
                "The %s loss was lowest in the last epoch. Train longer, for example with --set"
                    + " epochs=%d.",
                loss.equals(HistoryRow.VALIDATION_LOSS) ? "validation" : "training", 2 * last)));
  }

  private static List<HistoryRow> withMetrics(List<HistoryRow> epochs, String... metrics) {
    return epochs.stream()
        .filter(epoch -> Stream.of(metrics).allMatch(name -> epoch.metric(name).isPresent()))
        .toList();
  }

  private static HistoryRow lowest(List<HistoryRow> epochs, String metric) {
    return epochs.stream()
        .min(Comparator.comparingDouble(epoch -> value(epoch, metric)))
        .orElseThrow();
  }

  private static double value(HistoryRow epoch, String metric) {
    return epoch.metric(metric).orElseThrow();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
