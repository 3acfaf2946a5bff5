package dev.cxr.train.loop;

import dev.cxr.train.recipe.Monitor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one epoch. There is no wall-clock value: the same training gives the same metrics.
 *
 * @param epoch from 1
 * @param trainLoss mean over the images, measured while training
 * @param trainAccuracy of the most probable class, measured while training; null for anomaly
 *     detection
 * @param validationLoss with the class weights and label smoothing of training; for anomaly
 *     detection of normal images only
 * @param validationAccuracy of the most probable class; null for anomaly detection
 * @param validationAuroc area under the ROC curve of the positive class; null if validation has
 *     images of one class only
 * @param learningRate of the epoch's last step
 * @since 0.1
 */
public record EpochMetrics(
    int epoch,
    double trainLoss,
    @Nullable Double trainAccuracy,
    double validationLoss,
    @Nullable Double validationAccuracy,
    @Nullable Double validationAuroc,
    double learningRate) {

  /** {@return the metrics by their columns in history.csv; null if undefined} */
  public Map<String, @Nullable Double> byColumn() {
    Map<String, @Nullable Double> columns = new LinkedHashMap<>();
    columns.put("train_loss", trainLoss);
    columns.put("train_accuracy", trainAccuracy);
    columns.put("val_loss", validationLoss);
    columns.put("val_accuracy", validationAccuracy);
    columns.put("val_auroc", validationAuroc);
    columns.put("learning_rate", learningRate);
    return columns;
  }

  /** The monitored metric; a recipe cannot monitor one that its task does not have. */
  double metric(Monitor monitor) {
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
