package dev.cxr.train.run;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import dev.cxr.common.cli.Version;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.calibration.TemperatureScaling;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.export.TrainedModel;
import dev.cxr.train.export.ValidationReport;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.ValidationScores;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;

/** Chooses temperature and threshold of what has been learned, judges it, and writes its bundle. */
public final class BundleExporter {

  private static final Gson GSON = new Gson();

  private final Recipes.ResolvedRecipe resolved;
  private final Recipe recipe;
  private final TrainingData data;
  private final TrainedModel trainedModel;
  private final NDManager manager;

  /**
   * Makes the bundle of a run.
   *
   * @param manager parent of what is made on the way
   */
  public BundleExporter(
      Recipes.ResolvedRecipe resolved,
      TrainingData data,
      TrainedModel trainedModel,
      NDManager manager) {
    this.resolved = resolved;
    this.recipe = resolved.recipe();
    this.data = data;
    this.trainedModel = trainedModel;
    this.manager = manager;
  }

  /**
   * Chooses temperature and threshold, and tells how the bundle does on validation.
   *
   * <p>Both are chosen on the same scores. A temperature makes probabilities less sure, never
   * surer: pictures of elsewhere are harder than those of validation, and answers to them too sure
   * already (Y. Ovadia et al., "Can you trust your model's uncertainty?", NeurIPS 2019). What
   * learns from normals alone has none, for no other finding may choose anything.
   */
  public TrainingRun.RunOutcome evaluate(StopSignal stop) throws IOException {
    ValidationScores scores =
        ValidationScores.of(trainedModel.block(), manager, data.validation(), recipe.task(), stop);
    ValidationScores calibrationScores =
        recipe.thresholdViews() == 0 ? scores : scoresOfViews(stop);
    if (recipe.task() == Task.ANOMALY) {
      return evaluate(scores, calibrationScores, 1);
    }
    TemperatureScaling temperature =
        TemperatureScaling.of(calibrationScores.classes()).onlySoftening();
    return evaluate(
        scores.withTemperature(temperature),
        calibrationScores.withTemperature(temperature),
        temperature.valueOrOne());
  }

  private TrainingRun.RunOutcome evaluate(
      ValidationScores scores, ValidationScores calibrationScores, double temperature) {
    ValidationReport report = ValidationReport.of(scores, chooseThreshold(calibrationScores));
    return new TrainingRun.RunOutcome(report, createManifest(report, temperature));
  }

  /** Writes the bundle, which appears in the run folder once it is whole. */
  void write(Manifest manifest, RunFolder folder) throws IOException {
    try (AtomicFolder bundle = folder.newBundle()) {
      write(manifest, bundle.path());
      bundle.commit();
    }
  }

  /** Fills an empty folder with the bundle. */
  public void write(Manifest manifest, Path folder) throws IOException {
    int side = recipe.side();
    trainedModel.block().initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
    try (Model model = Model.newInstance(recipe.name(), manager.getDevice(), "PyTorch")) {
      model.setBlock(trainedModel.block());
      BundleWriter.write(folder, manifest, model, trainedModel.history());
    }
  }

  private ValidationScores scoresOfViews(StopSignal stop) {
    return ValidationScores.ofViews(
        trainedModel.block(),
        manager,
        TrainingData.validationViews(data.images(), recipe),
        recipe.thresholdViews(),
        recipe.task(),
        stop);
  }

  private Manifest.Threshold chooseThreshold(ValidationScores calibrationScores) {
    ChosenThreshold chosen = recipe.threshold().choose(calibrationScores.positiveScores());
    int views = recipe.thresholdViews();
    return new Manifest.Threshold(
        chosen.value(),
        recipe
            .threshold()
            .describe(
                chosen,
                views == 0 ? "validation" : "%d augmented views of validation".formatted(views)));
  }

  private Manifest createManifest(ValidationReport report, double temperature) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        recipe.name(),
        recipe.task(),
        trainedModel.spec().toString(),
        TrainingRun.inputSpec(recipe),
        Manifest.RESIZE,
        recipe.task().classes(),
        recipe.task().positiveClass(),
        report.threshold(),
        temperature,
        data.toManifestData(recipe),
        GSON.toJsonTree(resolved.values()),
        trainedModel.epoch(),
        new Manifest.Versions(
            Version.number(),
            Version.commit(),
            Engine.getDjlVersion(),
            Engine.getInstance().getVersion(),
            Runtime.version().toString()),
        report.toJson());
  }
}
