package dev.cxr.eval;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.evaluation.EvaluationMetrics;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.evaluation.ExampleCases;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.AsyncModelLoader;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ParallelInference;
import dev.cxr.eval.prediction.Prediction;
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
 * @param developedOn the collection that validation and training pictures are of, where it is
 *     another
 * @param validationIsTheBundles whether the validation pictures are those that the bundle was
 *     chosen on
 * @param settings what the figures depend on besides the predictions
 * @param judged one for each picture of the split, in the order of the collection
 * @param validation one for each picture that thresholds and temperature are chosen on
 * @param figures all figures
 * @param cases single pictures to look at
 * @param leakage the audit, if it was asked for
 * @param sheet what the pictures are
 * @param forwardPasses how long the network itself took
 */
record Evaluation(
    Bundle bundle,
    DatasetIndex data,
    String fingerprint,
    Split split,
    Optional<String> developedOn,
    boolean validationIsTheBundles,
    EvaluationSettings settings,
    List<Prediction> judged,
    List<Prediction> validation,
    EvaluationMetrics figures,
    CaseImages cases,
    Optional<Leakage> leakage,
    DataSheet sheet,
    Duration forwardPasses) {

  private static final long SEED = 1;

  /**
   * Asks the bundle about every picture that is to be judged, and about validation.
   *
   * @param loading the bundle's network, which is not closed here
   * @param material whose collections were opened with the bundle's own validation rule
   * @param rule how to choose the threshold
   * @throws UserErrorException if there is nothing to judge, a picture cannot be read, or the
   *     threshold is to be chosen and there is nothing to choose it on
   */
  static Evaluation of(
      Bundle bundle,
      AsyncModelLoader loading,
      Material material,
      ThresholdChoice rule,
      Thoroughness thoroughness)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = manifest.task();
    Split split = material.split();
    DatasetIndex taking = material.judged(task);
    DatasetIndex developed = material.developed(task);
    rule.requireValidation(developed.inSplit(Split.VALIDATION).isEmpty());
    int side = manifest.input().side();
    boolean together = material.development().isEmpty();
    boolean judgesValidation = together && split == Split.VALIDATION;
    boolean full = thoroughness == Thoroughness.FULL;
    ImageStore pixels =
        ImageStore.open(
            taking, together ? EnumSet.of(split, Split.VALIDATION) : EnumSet.of(split), side);
    material.requireUnseen(manifest, pixels);
    ImageStore choosing =
        together ? pixels : ImageStore.open(developed, EnumSet.of(Split.VALIDATION), side);
    Classifier classifier = loading.await();
    BatchPredictor asking = new BatchPredictor(classifier, task);
    Optional<TrainingEmbeddings> training =
        full && !(together && split == Split.TRAIN) && !developed.inSplit(Split.TRAIN).isEmpty()
            ? Optional.of(
                asking.fitTrainingSplit(ImageStore.open(developed, EnumSet.of(Split.TRAIN), side)))
            : Optional.empty();
    List<Prediction> validation =
        judgesValidation || choosing.index().inSplit(Split.VALIDATION).isEmpty()
            ? List.of()
            : asking.predict(choosing, Split.VALIDATION);
    if (full) {
      asking.enablePerturbations();
    }
    List<Prediction> judged = asking.predict(pixels, split);
    List<Prediction> chosenOn = judgesValidation ? judged : validation;
    EvaluationSettings settings =
        rule.settings(manifest, chosenOn, SEED, PatientBootstrap.RESAMPLES)
            .withClassSources(material.classSources());
    CompletableFuture<EvaluationMetrics> figures = // beside the pictures, which the network makes
        CompletableFuture.supplyAsync(() -> EvaluationMetrics.of(settings, judged, chosenOn));
    CaseImages cases =
        ParallelInference.runSingleThreaded(
            () ->
                CaseImages.of(
                    classifier, side, pixels.index(), ExampleCases.of(settings, judged), training));
    return new Evaluation(
        bundle,
        pixels.index(),
        pixels.fingerprint(split),
        split,
        material.development().map(DatasetIndex::name),
        isTheBundles(manifest, choosing),
        settings,
        judged,
        chosenOn,
        ParallelInference.getResult(figures),
        cases,
        full ? Optional.of(Leakage.in(material.audited())) : Optional.empty(),
        DataSheet.of(material.collection()),
        asking.inferenceTime());
  }

  private static boolean isTheBundles(Manifest manifest, ImageStore pixels) {
    Manifest.SplitData own = manifest.data().splits().get(Split.VALIDATION.toString());
    return own != null && own.fingerprint().equals(pixels.fingerprint(Split.VALIDATION));
  }

  /** Every picture asked about once, those of the judged split first. */
  List<Prediction> predictions() {
    return developedOn.isEmpty() && split == Split.VALIDATION
        ? judged
        : Stream.concat(judged.stream(), validation.stream()).toList();
  }

  /** How many patient groups the judged pictures come from. */
  long patients() {
    return judged.stream().map(Prediction::patient).distinct().count();
  }
}
