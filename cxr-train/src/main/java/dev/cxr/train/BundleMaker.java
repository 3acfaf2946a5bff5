package dev.cxr.train;

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
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;

/** Chooses temperature and threshold of what has been learned, judges it, and writes its bundle. */
final class BundleMaker {

  private static final Gson GSON = new Gson();

  private final Recipes.Resolved resolved;
  private final Recipe recipe;
  private final TrainingData data;
  private final Finished finished;
  private final NDManager manager;

  /**
   * Makes the bundle of a run.
   *
   * @param manager parent of what is made on the way
   */
  BundleMaker(Recipes.Resolved resolved, TrainingData data, Finished finished, NDManager manager) {
    this.resolved = resolved;
    this.recipe = resolved.recipe();
    this.data = data;
    this.finished = finished;
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
  Run.Outcome judge(StopSignal stop) throws IOException {
    ValidationScores scores =
        ValidationScores.of(finished.answering(), manager, data.validation(), recipe.task(), stop);
    ValidationScores chosenOn = recipe.thresholdViews() == 0 ? scores : views(stop);
    if (recipe.task() == Task.ANOMALY) {
      return judge(scores, chosenOn, 1);
    }
    TemperatureScaling temperature = TemperatureScaling.of(chosenOn.classes()).onlySoftening();
    return judge(scores.at(temperature), chosenOn.at(temperature), temperature.valueOrOne());
  }

  private Run.Outcome judge(
      ValidationScores scores, ValidationScores chosenOn, double temperature) {
    Verdict verdict = Verdict.of(scores, threshold(chosenOn));
    return new Run.Outcome(verdict, manifest(verdict, temperature));
  }

  /** Writes the bundle, which appears in the run folder once it is whole. */
  void write(Manifest manifest, RunFolder folder) throws IOException {
    try (AtomicFolder bundle = folder.newBundle()) {
      write(manifest, bundle.path());
      bundle.commit();
    }
  }

  /** Fills an empty folder with the bundle. */
  void write(Manifest manifest, Path folder) throws IOException {
    int side = recipe.side();
    finished.answering().initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
    try (Model model = Model.newInstance(recipe.name(), manager.getDevice(), "PyTorch")) {
      model.setBlock(finished.answering());
      BundleWriter.write(folder, manifest, model, finished.history());
    }
  }

  private ValidationScores views(StopSignal stop) {
    return ValidationScores.ofViews(
        finished.answering(),
        manager,
        TrainingData.validationViews(data.pixels(), recipe),
        recipe.thresholdViews(),
        recipe.task(),
        stop);
  }

  private Manifest.Threshold threshold(ValidationScores chosenOn) {
    ChosenThreshold chosen = recipe.threshold().choose(chosenOn.positives());
    int views = recipe.thresholdViews();
    return new Manifest.Threshold(
        chosen.value(),
        recipe
            .threshold()
            .describe(
                chosen,
                views == 0 ? "validation" : "%d augmented views of validation".formatted(views)));
  }

  private Manifest manifest(Verdict verdict, double temperature) {
    return new Manifest(
        Manifest.FORMAT_VERSION,
        recipe.name(),
        recipe.task(),
        finished.composition().toString(),
        Run.input(recipe),
        Manifest.RESIZE,
        recipe.task().classes(),
        recipe.task().positiveClass(),
        verdict.threshold(),
        temperature,
        data.describe(recipe),
        GSON.toJsonTree(resolved.resolved()),
        finished.epoch(),
        new Manifest.Versions(
            Version.number(),
            Version.commit(),
            Engine.getDjlVersion(),
            Engine.getInstance().getVersion(),
            Runtime.version().toString()),
        verdict.toJson());
  }
}
