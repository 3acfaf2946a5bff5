package dev.cxr.eval.comparison;

import com.google.gson.Gson;
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
import dev.cxr.models.bundle.RecipeDifference;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The predictions of several bundles on the same images, and their comparison.
 *
 * @param bundles in the order given
 * @param data the images that belong to the task of every bundle
 * @param fingerprint identifies pixels and findings of the images
 * @param split the evaluated split
 * @param models the bundles with their predictions
 * @param comparison metrics and tests
 * @param recipeDifferences what differs between the recipes, and between composition, training
 *     images, KNN index and site calibration; values in the order of the bundles
 */
public record ComparisonRun(
    List<Bundle> bundles,
    DatasetIndex data,
    String fingerprint,
    Split split,
    List<ModelEntry> models,
    ModelComparison comparison,
    List<RecipeDifference> recipeDifferences) {

  private static final long SEED = 1;
  private static final String SEED_KEY = "seed";
  private static final Gson GSON = new Gson();

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
        ModelComparison.of(models),
        RecipeDifference.of(bundles.stream().map(ComparisonRun::setup).toList()));
  }

  private static ModelEntry evaluate(
      Bundle bundle, List<Bundle> bundles, DatasetIndex dataset, Split split) throws IOException {
    Manifest manifest = bundle.manifest();
    ImageStore images = ImageStore.open(dataset, EnumSet.of(split), manifest.input().side());
    List<ImagePrediction> predictions;
    try (Classifier classifier = Classifier.load(bundle)) {
      predictions =
          new BatchPredictor(classifier, manifest.task()).predict(images, EnumSet.of(split));
    }
    return new ModelEntry(
        label(bundle, bundles),
        seedGroup(bundle, bundles),
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

  /** The first bundle that differs only in its seed; empty if the recipe has no seed. */
  private static String seedGroup(Bundle bundle, List<Bundle> all) {
    JsonObject own = setup(bundle);
    return own.has(SEED_KEY)
        ? all.stream()
            .filter(
                other ->
                    RecipeDifference.of(List.of(own, setup(other))).stream()
                        .allMatch(difference -> difference.key().equals(SEED_KEY)))
            .map(Bundle::id)
            .findFirst()
            .orElseThrow()
        : "";
  }

  /** The recipe, with what else makes the model: composition, training images, index, site. */
  private static JsonObject setup(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    JsonObject setup =
        manifest.recipe() instanceof JsonObject recipe ? recipe.deepCopy() : new JsonObject();
    setup.addProperty("architecture", manifest.architecture());
    Manifest.SplitData train = manifest.data().splits().get(Split.TRAIN.toString());
    if (train != null) {
      JsonObject data = new JsonObject();
      data.addProperty("name", manifest.data().name());
      data.addProperty("images", train.count());
      data.addProperty("fingerprint", train.fingerprint());
      setup.add("training-data", data);
    }
    KnnIndex index = manifest.knnIndex();
    if (index != null) {
      JsonObject knn = new JsonObject();
      knn.add("features", GSON.toJsonTree(index.features()));
      knn.add("distance", GSON.toJsonTree(index.distance()));
      knn.add("weighting", GSON.toJsonTree(index.vote().weighting()));
      knn.addProperty("fingerprint", index.fingerprint());
      setup.add("knn", knn);
    }
    SiteCalibration calibration = manifest.calibration();
    if (calibration != null) {
      setup.addProperty("calibration", calibration.method());
    }
    return setup;
  }

  /** {@return the number of patient groups of the images} */
  public long patients() {
    return models.get(0).predictions().stream().map(ImagePrediction::patient).distinct().count();
  }
}
