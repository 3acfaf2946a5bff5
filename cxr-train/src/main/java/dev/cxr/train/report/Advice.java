package dev.cxr.train.report;

import com.google.gson.annotations.SerializedName;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.train.loop.EpochMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  static List<Advice> of(List<EpochMetrics> epochs, boolean syntheticSample, boolean stoppedEarly) {
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

  private static Optional<Advice> nothingLearned(List<EpochMetrics> epochs) {
    return epochs.stream()
        .flatMap(epoch -> Stream.ofNullable(epoch.validationAuroc()))
        .max(Comparator.naturalOrder())
        .filter(best -> best < MIN_LEARNED_AUROC)
        .map(
            best ->
                new Advice(
                    Kind.NOTHING_LEARNED,
                    text(
                        "The best validation AUROC is %.3f; chance is 0.5. Check the dataset with"
                            + " `audit`, and try learning rates ten times lower and ten times"
                            + " higher.",
                        best)));
  }

  private static Optional<Advice> overfitting(List<EpochMetrics> epochs) {
    if (epochs.isEmpty()) {
      return Optional.empty();
    }
    EpochMetrics best = lowestLoss(epochs);
    EpochMetrics last = epochs.get(epochs.size() - 1);
    boolean rose =
        last.epoch() - best.epoch() >= MIN_OVERFITTING_EPOCHS
            && last.validationLoss() > best.validationLoss() * OVERFITTING_RISE;
    return rose && last.trainLoss() < best.trainLoss()
        ? Optional.of(
            new Advice(
                Kind.OVERFITTING,
                text(
                    "From epoch %d to %d the training loss fell from %.4f to %.4f while the"
                        + " validation loss rose from %.4f to %.4f: the network overfits. Try stronger"
                        + " augmentation, --set adam.weight-decay=0.01, --set"
                        + " label-smoothing=0.05, or pretrained weights.",
                    best.epoch(),
                    last.epoch(),
                    best.trainLoss(),
                    last.trainLoss(),
                    best.validationLoss(),
                    last.validationLoss())))
        : Optional.empty();
  }

  private static Optional<Advice> stillImproving(List<EpochMetrics> epochs) {
    int last = epochs.size() - 1;
    boolean improving =
        last > 0
            && epochs.get(last).validationLoss()
                <= lowestLoss(epochs.subList(0, last)).validationLoss() * IMPROVING_FALL;
    return improving
        ? Optional.of(
            new Advice(
                Kind.TRAIN_LONGER,
                text(
                    "The validation loss was lowest in the last epoch. Train longer, for example"
                        + " with --set epochs=%d.",
                    2 * epochs.get(last).epoch())))
        : Optional.empty();
  }

  private static EpochMetrics lowestLoss(List<EpochMetrics> epochs) {
    return epochs.stream()
        .min(Comparator.comparingDouble(EpochMetrics::validationLoss))
        .orElseThrow();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
