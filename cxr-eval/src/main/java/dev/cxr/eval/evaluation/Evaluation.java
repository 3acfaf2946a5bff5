package dev.cxr.eval.evaluation;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.AsyncModelLoader;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.ParallelInference;
import dev.cxr.eval.prediction.TrainingEmbeddings;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The predictions of a bundle on a split of a dataset, and all metrics that follow from them.
 *
 * @param bundle the evaluated bundle
 * @param data the evaluated images that belong to the task, without the images left out
 * @param fingerprint identifies pixels and findings of the evaluated images, as hex digits
 * @param split the evaluated split
 * @param developmentDataset name of the dataset of the training and validation images, if it is
 *     another than {@code data}
 * @param validationMatchesBundle whether the validation images are those that the bundle was tuned
 *     on
 * @param settings what the metrics depend on beside the predictions
 * @param evaluatedPredictions one per image of the split, in the order of the dataset
 * @param validationPredictions one per validation image, on which thresholds and temperature are
 *     chosen; empty if there are none
 * @param metrics all metrics, each with interval and count
 * @param cases example images with explanations
 * @param leakage the audit; empty for {@link EvaluationDepth#QUICK}
 * @param dataSheet where the images come from
 * @param inferenceTime time spent in the network
 */
public record Evaluation(
    Bundle bundle,
    DatasetIndex data,
    String fingerprint,
    EvaluationSplit split,
    Optional<String> developmentDataset,
    boolean validationMatchesBundle,
    EvaluationSettings settings,
    List<ImagePrediction> evaluatedPredictions,
    List<ImagePrediction> validationPredictions,
    EvaluationMetrics metrics,
    CaseImages cases,
    Optional<LeakageAudit> leakage,
    DataSheet dataSheet,
    Duration inferenceTime) {

  private static final long SEED = 1;

  /**
   * Predicts every evaluated image and every validation image, and computes all metrics.
   *
   * @param bundle the bundle to evaluate
   * @param loader loads the bundle's network; it is not closed here
   * @param evaluationData its datasets are opened with the bundle's own validation rule
   * @param thresholdChoice how to choose the threshold
   * @param depth how much to measure
   * @return the evaluation
   * @throws UserErrorException if no image is evaluated, or the threshold is to be chosen and there
   *     are no validation images
   * @throws IOException if an image cannot be read
   */
  public static Evaluation of(
      Bundle bundle,
      AsyncModelLoader loader,
      EvaluationData evaluationData,
      ThresholdSource thresholdChoice,
      EvaluationDepth depth)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = manifest.task();
    int side = manifest.input().side();
    EvaluationSplit split = evaluationData.split();
    boolean external = evaluationData.isExternal();
    boolean evaluatesValidation = !external && split == EvaluationSplit.VALIDATION;
    boolean evaluatesTraining = !external && split == EvaluationSplit.TRAIN;
    boolean full = depth == EvaluationDepth.FULL;
    DatasetIndex development = evaluationData.developmentIndex(task);
    thresholdChoice.requireValidation(development.inSplit(Split.VALIDATION).isEmpty());
    ImageStore images = evaluationData.openImages(task, side);
    evaluationData.requireNotTrainedOn(manifest, images);
    ImageStore validationImages =
        external ? ImageStore.open(development, EnumSet.of(Split.VALIDATION), side) : images;
    Classifier classifier = loader.await();
    BatchPredictor predictor = new BatchPredictor(classifier, task);
    if (full) {
      predictor.enableOutOfDistributionScores();
    }
    Optional<TrainingEmbeddings> trainingEmbeddings =
        full && !evaluatesTraining && !development.inSplit(Split.TRAIN).isEmpty()
            ? Optional.of(
                predictor.fitBaselinesAndEmbed(
                    ImageStore.open(development, EnumSet.of(Split.TRAIN), side)))
            : Optional.empty();
    List<ImagePrediction> otherValidation =
        evaluatesValidation || validationImages.index().inSplit(Split.VALIDATION).isEmpty()
            ? List.of()
            : predictor.predict(validationImages, EnumSet.of(Split.VALIDATION));
    if (full) {
      predictor.enablePerturbations();
    }
    List<ImagePrediction> evaluated = predictor.predict(images, split.splits());
    List<ImagePrediction> validation = evaluatesValidation ? evaluated : otherValidation;
    EvaluationSettings settings =
        thresholdChoice.settings(
            manifest, validation, SEED, PatientBootstrap.RESAMPLES, evaluationData.classSources());
    CompletableFuture<EvaluationMetrics> metrics = // while the network explains the cases
        CompletableFuture.supplyAsync(() -> EvaluationMetrics.of(settings, evaluated, validation));
    CaseImages cases =
        ParallelInference.runSingleThreaded(
            () ->
                CaseImages.of(
                    classifier,
                    side,
                    images.index(),
                    ExampleCases.of(settings, evaluated),
                    trainingEmbeddings));
    return new Evaluation(
        bundle,
        images.index(),
        images.fingerprint(split.splits()),
        split,
        evaluationData.developmentDataset().map(DatasetIndex::name),
        matchesBundle(manifest, validationImages),
        settings,
        evaluated,
        validation,
        ParallelInference.getResult(metrics),
        cases,
        full ? Optional.of(evaluationData.audit()) : Optional.empty(),
        DataSheet.of(evaluationData.dataset()),
        predictor.inferenceTime());
  }

  private static boolean matchesBundle(Manifest manifest, ImageStore validationImages) {
    Manifest.SplitData bundleValidation = manifest.data().splits().get(Split.VALIDATION.toString());
    return bundleValidation != null
        && bundleValidation.fingerprint().equals(validationImages.fingerprint(Split.VALIDATION));
  }

  /** {@return whether the bundle was trained or tuned on the evaluated images} */
  public boolean isOfDevelopment() {
    return developmentDataset.isEmpty()
        && (split == EvaluationSplit.TRAIN || split == EvaluationSplit.VALIDATION);
  }

  /** {@return the validation predictions that are not among the evaluated ones} */
  public List<ImagePrediction> otherValidationPredictions() {
    return developmentDataset.isEmpty() && split == EvaluationSplit.VALIDATION
        ? List.of()
        : validationPredictions;
  }

  /** {@return the number of patient groups of the evaluated images} */
  public long patients() {
    return evaluatedPredictions.stream().map(ImagePrediction::patient).distinct().count();
  }
}
