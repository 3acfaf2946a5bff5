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
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What a bundle says of one split of a collection.
 *
 * @param bundle what was asked
 * @param data the collection, as far as it was asked about
 * @param fingerprint identifies the judged pixels and findings
 * @param split the split that is judged
 * @param developmentDataset the collection that validation and training pictures are of, where it
 *     is another
 * @param validationMatchesBundle whether the validation pictures are those that the bundle was
 *     chosen on
 * @param settings what the figures depend on besides the predictions
 * @param evaluatedPredictions one for each picture of the split, in the order of the collection
 * @param validationPredictions one for each picture that thresholds and temperature are chosen on
 * @param metrics all figures
 * @param cases single pictures to look at
 * @param leakage the audit, if it was asked for
 * @param dataSheet what the pictures are
 * @param inferenceTime how long the network itself took
 */
public record Evaluation(
    Bundle bundle,
    DatasetIndex data,
    String fingerprint,
    Split split,
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
   * Asks the bundle about every picture that is to be judged, and about validation.
   *
   * @param loader the bundle's network, which is not closed here
   * @param evaluationData whose collections were opened with the bundle's own validation rule
   * @param thresholdChoice how to choose the threshold
   * @throws UserErrorException if there is nothing to judge, a picture cannot be read, or the
   *     threshold is to be chosen and there is nothing to choose it on
   */
  public static Evaluation of(
      Bundle bundle,
      AsyncModelLoader loader,
      EvaluationData evaluationData,
      ThresholdChoice thresholdChoice,
      EvaluationDepth depth)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = manifest.task();
    Split split = evaluationData.split();
    DatasetIndex dataset = evaluationData.evaluatedDataset(task);
    DatasetIndex developmentDataset = evaluationData.developmentDatasetFor(task);
    thresholdChoice.requireValidation(developmentDataset.inSplit(Split.VALIDATION).isEmpty());
    int side = manifest.input().side();
    boolean sameDataset = evaluationData.developmentDataset().isEmpty();
    boolean evaluatesValidation = sameDataset && split == Split.VALIDATION;
    boolean full = depth == EvaluationDepth.FULL;
    ImageStore images =
        ImageStore.open(
            dataset, sameDataset ? EnumSet.of(split, Split.VALIDATION) : EnumSet.of(split), side);
    evaluationData.requireNotTrainedOn(manifest, images);
    ImageStore validationImages =
        sameDataset
            ? images
            : ImageStore.open(developmentDataset, EnumSet.of(Split.VALIDATION), side);
    Classifier classifier = loader.await();
    BatchPredictor predictor = new BatchPredictor(classifier, task);
    Optional<TrainingEmbeddings> trainingEmbeddings =
        full
                && !(sameDataset && split == Split.TRAIN)
                && !developmentDataset.inSplit(Split.TRAIN).isEmpty()
            ? Optional.of(
                predictor.fitTrainingSplit(
                    ImageStore.open(developmentDataset, EnumSet.of(Split.TRAIN), side)))
            : Optional.empty();
    List<ImagePrediction> ownValidationPredictions =
        evaluatesValidation || validationImages.index().inSplit(Split.VALIDATION).isEmpty()
            ? List.of()
            : predictor.predict(validationImages, Split.VALIDATION);
    if (full) {
      predictor.enablePerturbations();
    }
    List<ImagePrediction> evaluatedPredictions = predictor.predict(images, split);
    List<ImagePrediction> validationPredictions =
        evaluatesValidation ? evaluatedPredictions : ownValidationPredictions;
    EvaluationSettings settings =
        thresholdChoice
            .settings(manifest, validationPredictions, SEED, PatientBootstrap.RESAMPLES)
            .withClassSources(evaluationData.classSources());
    CompletableFuture<EvaluationMetrics> metrics = // beside the pictures, which the network makes
        CompletableFuture.supplyAsync(
            () -> EvaluationMetrics.of(settings, evaluatedPredictions, validationPredictions));
    CaseImages cases =
        ParallelInference.runSingleThreaded(
            () ->
                CaseImages.of(
                    classifier,
                    side,
                    images.index(),
                    ExampleCases.of(settings, evaluatedPredictions),
                    trainingEmbeddings));
    return new Evaluation(
        bundle,
        images.index(),
        images.fingerprint(split),
        split,
        evaluationData.developmentDataset().map(DatasetIndex::name),
        isBundleValidation(manifest, validationImages),
        settings,
        evaluatedPredictions,
        validationPredictions,
        ParallelInference.getResult(metrics),
        cases,
        full ? Optional.of(LeakageAudit.of(evaluationData.auditedDataset())) : Optional.empty(),
        DataSheet.of(evaluationData.dataset()),
        predictor.inferenceTime());
  }

  private static boolean isBundleValidation(Manifest manifest, ImageStore pixels) {
    Manifest.SplitData bundleValidation = manifest.data().splits().get(Split.VALIDATION.toString());
    return bundleValidation != null
        && bundleValidation.fingerprint().equals(pixels.fingerprint(Split.VALIDATION));
  }

  /** Every picture asked about once, those of the judged split first. */
  public List<ImagePrediction> allPredictions() {
    return developmentDataset.isEmpty() && split == Split.VALIDATION
        ? evaluatedPredictions
        : Stream.concat(evaluatedPredictions.stream(), validationPredictions.stream()).toList();
  }

  /** How many patient groups the judged pictures come from. */
  public long patients() {
    return evaluatedPredictions.stream().map(ImagePrediction::patient).distinct().count();
  }
}
