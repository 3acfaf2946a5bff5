package dev.cxr.train.export;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import dev.cxr.common.cli.Version;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.calibration.TemperatureScaling;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.composition.AnomalyScorer;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.loop.ValidationScores;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Calibrates a trained model on validation, evaluates it there and writes its bundle.
 *
 * @param resolved the recipe
 * @param data training and validation images
 * @param model to export
 * @param manager parent of temporary arrays
 * @param options of the training
 */
public record BundleExporter(
    Recipes.ResolvedRecipe resolved,
    TrainingData data,
    ExportableModel model,
    NDManager manager,
    TrainingOptions options) {

  private static final Gson GSON = new Gson();

  /**
   * The validated model.
   *
   * @param validation metrics on validation, at the operating threshold
   * @param manifest of the bundle
   * @param history every epoch; empty for a combination of bundles
   */
  public record TrainingResult(
      ValidationReport validation,
      Manifest manifest,
      List<EpochMetrics> history,
      boolean hasTestSplit) {}

  private Recipe recipe() {
    return resolved.recipe();
  }

  /**
   * Chooses temperature and threshold on validation and evaluates the model there.
   *
   * <p>The temperature only softens probabilities: images from elsewhere are harder than those of
   * validation, where predictions are already overconfident (Y. Ovadia et al., "Can you trust your
   * model's uncertainty?", NeurIPS 2019). An anomaly detector has none, because only normal images
   * may calibrate it.
   *
   * @return metrics and manifest
   * @throws IOException if a file cannot be read or written
   */
  public TrainingResult validate() throws IOException {
    if (model.block() instanceof AnomalyScorer scorer) {
      AnomalyFitter.fit(scorer, manager, data, recipe(), options);
    }
    ValidationScores scores = predict(data.validation(), 0);
    int views = recipe().thresholdViews();
    ValidationScores calibrationScores =
        views == 0 ? scores : predict(TrainingData.validationViews(data.images(), recipe()), views);
    double temperature = 1;
    if (!recipe().task().isAnomaly()) {
      TemperatureScaling scaling =
          TemperatureScaling.of(calibrationScores.classes()).onlySoftening();
      scores = scores.withTemperature(scaling);
      calibrationScores = calibrationScores.withTemperature(scaling);
      temperature = scaling.valueOrOne();
    }
    ValidationReport report = ValidationReport.of(scores, chooseThreshold(calibrationScores));
    return new TrainingResult(
        report, createManifest(report, temperature), model.epochs(), data.hasTestSplit());
  }

  private ValidationScores predict(ChestXrayDataset dataset, int views) throws IOException {
    return ValidationScores.of(model.block(), manager, dataset, views, recipe().task(), options);
  }

  /**
   * Fills an empty folder with the bundle.
   *
   * @param manifest of the bundle
   * @param folder the run folder
   * @throws IOException if a file cannot be read or written
   */
  public void write(Manifest manifest, Path folder) throws IOException {
    int side = recipe().side();
    model.block().initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
    try (Model djlModel = Model.newInstance(recipe().name(), manager.getDevice(), "PyTorch")) {
      djlModel.setBlock(model.block());
      BundleWriter.write(folder, manifest, djlModel, model.history());
    }
  }

  private OperatingThreshold chooseThreshold(ValidationScores calibrationScores) {
    ChosenThreshold chosen = recipe().threshold().choose(calibrationScores.positiveScores());
    int views = recipe().thresholdViews();
    return new OperatingThreshold(
        chosen.value(),
        recipe()
            .threshold()
            .describe(
                chosen,
                views == 0 ? "validation" : "%d augmented views of validation".formatted(views)));
  }

  private Manifest createManifest(ValidationReport report, double temperature) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        recipe().name(),
        recipe().task(),
        model.spec().toString(),
        recipe().inputSpec(),
        Manifest.RESIZE,
        DicomMetadata.PRESENTATION,
        recipe().task().classes(),
        recipe().task().positiveClass(),
        report.threshold(),
        temperature,
        data.toManifestData(recipe()),
        GSON.toJsonTree(resolved.values()),
        model.epoch(),
        new Manifest.Versions(
            Version.number(),
            Version.commit(),
            Engine.getDjlVersion(),
            Engine.getInstance().getVersion(),
            Runtime.version().toString()),
        report.toJson(),
        null,
        null,
        null);
  }
}
