package dev.cxr.train.loop;

import dev.cxr.train.recipe.Monitor;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** What every epoch came to. Holds no time of day: the same training gives the same history. */
public final class TrainingHistory {

  /**
   * One epoch.
   *
   * @param epoch counted from 1
   * @param trainLoss mean over the pictures, as seen while learning
   * @param trainAccuracy of the likeliest class, likewise; null where none is called
   * @param validationLoss with the same class weights and label smoothing; of normals alone where
   *     only they are learned from
   * @param validationAccuracy of the likeliest class; null where none is called
   * @param validationAuroc area under the ROC curve of the positive class; null where there are
   *     pictures of one class only
   * @param learningRate of the epoch's last step
   */
  public record EpochMetrics(
      int epoch,
      double trainLoss,
      @Nullable Double trainAccuracy,
      double validationLoss,
      @Nullable Double validationAccuracy,
      @Nullable Double validationAuroc,
      double learningRate) {

    /** A figure that there is, for a recipe can monitor no other. */
    public double metric(Monitor monitor) {
      @Nullable Double value =
          switch (monitor) {
            case VALIDATION_LOSS -> validationLoss;
            case VALIDATION_ACCURACY -> validationAccuracy;
            case VALIDATION_AUROC -> validationAuroc;
            case TRAINING_LOSS -> trainLoss;
            case TRAINING_ACCURACY -> trainAccuracy;
          };
      return Objects.requireNonNull(value, monitor.label());
    }
  }

  private TrainingHistory() {}

  public static String toCsv(List<EpochMetrics> epochs) {
    CSVFormat format =
        CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator('\n')
            .setHeader(
                "epoch",
                "train_loss",
                "train_accuracy",
                "val_loss",
                "val_accuracy",
                "val_auroc",
                "learning_rate")
            .get();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, format)) {
      for (EpochMetrics e : epochs) {
        csv.printRecord(
            e.epoch(),
            e.trainLoss(),
            e.trainAccuracy(),
            e.validationLoss(),
            e.validationAccuracy(),
            e.validationAuroc(),
            e.learningRate());
      }
    } catch (IOException e) {
      throw new IllegalStateException("a StringBuilder takes all", e);
    }
    return text.toString();
  }
}
