package dev.cxr.eval;

import com.google.gson.JsonObject;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Split;
import dev.cxr.eval.comparison.ModelComparison;
import dev.cxr.eval.comparison.ModelEntry;
import dev.cxr.eval.evaluation.EvaluationSettings;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.Prediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.knn.KnnIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What several bundles say of one split of a collection.
 *
 * @param bundles in the order they were named
 * @param data the collection, as far as all of them were asked about it
 * @param fingerprint identifies the judged pixels and findings
 * @param split the split that is judged
 * @param entrants the bundles with their predictions
 * @param comparison all figures
 */
record Comparing(
    List<Bundle> bundles,
    DatasetIndex data,
    String fingerprint,
    Split split,
    List<ModelEntry> entrants,
    ModelComparison comparison) {

  private static final long SEED = 1;

  /**
   * Asks every bundle about those pictures whose finding takes part in the task of each.
   *
   * @throws UserErrorException if the bundles do not look for the same, or there is no such picture
   */
  static Comparing of(List<Bundle> bundles, DatasetIndex catalogue, Split split)
      throws IOException {
    Manifest first = bundles.get(0).manifest();
    DatasetIndex taking = catalogue;
    for (Bundle bundle : bundles) {
      Manifest other = bundle.manifest();
      if (!other.positiveClass().equals(first.positiveClass())) {
        throw UserErrorException.of(
            "bundles that look for the same",
            "%s in %s and %s in %s"
                .formatted(
                    first.positiveClass(),
                    bundles.get(0).folder(),
                    other.positiveClass(),
                    bundle.folder()),
            "Compare those of one positive class.");
      }
      if (split != Split.TEST
          && !other.data().validationRule().equals(first.data().validationRule())) {
        throw UserErrorException.of(
            "bundles that draw the %s split alike".formatted(split),
            "different rules in %s and %s".formatted(bundles.get(0).folder(), bundle.folder()),
            "Compare them on the test split.");
      }
      taking = TaskFilter.apply(taking, other.task());
    }
    if (taking.inSplit(split).isEmpty()) {
      throw UserErrorException.of(
          "pictures in the %s split of %s that take part in every task"
              .formatted(split, catalogue.name()),
          "none",
          "Choose another with --split, or another collection with --data.");
    }
    List<ModelEntry> entrants = new ArrayList<>();
    for (Bundle bundle : bundles) {
      entrants.add(entrant(bundle, bundles, taking, split));
    }
    ImageStore pixels = ImageStore.open(taking, EnumSet.of(split), first.input().side());
    return new Comparing(
        bundles,
        pixels.index(),
        pixels.fingerprint(split),
        split,
        entrants,
        ModelComparison.of(entrants));
  }

  private static ModelEntry entrant(
      Bundle bundle, List<Bundle> all, DatasetIndex taking, Split split) throws IOException {
    Manifest manifest = bundle.manifest();
    ImageStore pixels = ImageStore.open(taking, EnumSet.of(split), manifest.input().side());
    List<Prediction> predictions;
    try (Classifier classifier = Classifier.load(bundle)) {
      predictions = new BatchPredictor(classifier, manifest.task()).predict(pixels, split);
    }
    return new ModelEntry(
        label(bundle, all),
        recipe(manifest),
        new EvaluationSettings(
            manifest.task(),
            manifest.threshold().value(),
            manifest.threshold().rule(),
            SEED,
            PatientBootstrap.RESAMPLES),
        predictions);
  }

  /** The name, and where another bundle has it too the first digits of its id. */
  private static String label(Bundle bundle, List<Bundle> all) {
    String name = bundle.manifest().name();
    boolean alone = all.stream().filter(b -> b.manifest().name().equals(name)).count() == 1;
    return alone ? name : name + "-" + bundle.id().substring(0, 6);
  }

  /** What bundles have in common that differ in their seed alone; empty if it has no seed. */
  private static String recipe(Manifest manifest) {
    if (!manifest.recipe().isJsonObject() || !manifest.recipe().getAsJsonObject().has("seed")) {
      return "";
    }
    JsonObject common = manifest.recipe().getAsJsonObject().deepCopy();
    common.remove("seed");
    Manifest.SplitData train = manifest.data().splits().get(Split.TRAIN.toString());
    return "%s %s %s %s %s"
        .formatted(
            common,
            manifest.input(),
            train == null ? "" : train.fingerprint(),
            rule(manifest.knnIndex()),
            site(manifest.calibration()));
  }

  /** Without what is another with every network. */
  private static String rule(@Nullable KnnIndex index) {
    return index == null
        ? ""
        : "%s %s %s %s"
            .formatted(
                index.features(), index.distance(), index.vote().weighting(), index.fingerprint());
  }

  /** A mean over seeds mixes no bundle of the plain protocol with one that is not. */
  private static String site(@Nullable SiteCalibration calibration) {
    return calibration == null ? "" : calibration.method();
  }

  /** How many patient groups the pictures come from. */
  long patients() {
    return entrants.get(0).predictions().stream().map(Prediction::patient).distinct().count();
  }
}
