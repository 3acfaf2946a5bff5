package dev.cxr.eval.comparison;

import com.google.gson.JsonObject;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The predictions of several bundles on the same images, and their comparison.
 *
 * @param bundles in the order given
 * @param data the images that belong to the task of every bundle
 * @param fingerprint identifies pixels and findings of the images
 * @param split the evaluated split
 * @param models the bundles with their predictions
 * @param comparison metrics and tests
 */
public record ComparisonRun(
    List<Bundle> bundles,
    DatasetIndex data,
    String fingerprint,
    Split split,
    List<ModelEntry> models,
    ModelComparison comparison) {

  private static final long SEED = 1;

  /**
   * Predicts with every bundle the images that belong to all of their tasks.
   *
   * @param bundles at least two, of one positive class
   * @param source the dataset
   * @param split the split to evaluate
   * @return predictions, metrics and tests
   * @throws UserErrorException if the bundles have different positive classes, or there is no such
   *     image
   * @throws IOException if an image cannot be read
   */
  public static ComparisonRun of(List<Bundle> bundles, DatasetIndex source, Split split)
      throws IOException {
    Manifest first = bundles.get(0).manifest();
    DatasetIndex dataset = source;
    for (Bundle bundle : bundles) {
      Manifest manifest = bundle.manifest();
      if (!manifest.positiveClass().equals(first.positiveClass())) {
        throw UserErrorException.of(
            "bundles of one positive class",
            "%s in %s and %s in %s"
                .formatted(
                    first.positiveClass(),
                    bundles.get(0).folder(),
                    manifest.positiveClass(),
                    bundle.folder()),
            "Compare bundles of one positive class.");
      }
      if (split != Split.TEST
          && !manifest.data().validationRule().equals(first.data().validationRule())) {
        throw UserErrorException.of(
            "bundles with the same %s split".formatted(split),
            "different rules in %s and %s".formatted(bundles.get(0).folder(), bundle.folder()),
            "Compare them on the test split.");
      }
      dataset = TaskFilter.apply(dataset, manifest.task());
    }
    if (dataset.inSplit(split).isEmpty()) {
      throw UserErrorException.of(
          "images in the %s split of %s that belong to every task".formatted(split, source.name()),
          "none",
          "Choose another split with --split, or another dataset with --data.");
    }
    List<ModelEntry> models = new ArrayList<>();
    for (Bundle bundle : bundles) {
      models.add(evaluate(bundle, bundles, dataset, split));
    }
    ImageStore images = ImageStore.open(dataset, EnumSet.of(split), first.input().side());
    return new ComparisonRun(
        bundles,
        images.index(),
        images.fingerprint(split),
        split,
        models,
        ModelComparison.of(models));
  }

  private static ModelEntry evaluate(
      Bundle bundle, List<Bundle> all, DatasetIndex dataset, Split split) throws IOException {
    Manifest manifest = bundle.manifest();
    ImageStore images = ImageStore.open(dataset, EnumSet.of(split), manifest.input().side());
    List<ImagePrediction> predictions;
    try (Classifier classifier = Classifier.load(bundle)) {
      predictions =
          new BatchPredictor(classifier, manifest.task()).predict(images, EnumSet.of(split));
    }
    return new ModelEntry(
        label(bundle, all),
        recipeKey(manifest),
        new EvaluationSettings(
            manifest.task(),
            manifest.threshold().value(),
            manifest.threshold().rule(),
            SEED,
            PatientBootstrap.RESAMPLES,
            ClassSources.SHARED),
        predictions);
  }

  /** The name, with the first digits of the id if another bundle has the same name. */
  private static String label(Bundle bundle, List<Bundle> all) {
    String name = bundle.manifest().name();
    boolean isUnique = all.stream().filter(b -> b.manifest().name().equals(name)).count() == 1;
    return isUnique ? name : name + "-" + bundle.id().substring(0, 6);
  }

  /** Equal for bundles that differ only in their seed; empty if the recipe has no seed. */
  private static String recipeKey(Manifest manifest) {
    if (!manifest.recipe().isJsonObject() || !manifest.recipe().getAsJsonObject().has("seed")) {
      return "";
    }
    JsonObject common = manifest.recipe().getAsJsonObject().deepCopy();
    common.remove("seed");
    Manifest.SplitData train = manifest.data().splits().get(Split.TRAIN.toString());
    KnnIndex index = manifest.knnIndex();
    SiteCalibration calibration = manifest.calibration();
    return Stream.of(
            common,
            manifest.input(),
            train == null ? "" : train.fingerprint(),
            index == null
                ? ""
                : List.of(
                    index.features(),
                    index.distance(),
                    index.vote().weighting(),
                    index.fingerprint()),
            calibration == null ? "" : calibration.method())
        .map(Object::toString)
        .collect(Collectors.joining(" "));
  }

  /** {@return the number of patient groups of the images} */
  public long patients() {
    return models.get(0).predictions().stream().map(ImagePrediction::patient).distinct().count();
  }
}
