package dev.cxr.train;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import dev.cxr.data.files.AtomicFolder;
import dev.cxr.data.shell.Version;
import dev.cxr.eval.metrics.Threshold;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;

/** Chooses the operating threshold of what has been learned, judges it, and writes its bundle. */
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

  /** Chooses the threshold, and tells how the bundle does on validation. */
  Run.Outcome judge(StopSignal stop) throws IOException {
    ValidationScores scores =
        ValidationScores.of(finished.answering(), manager, data.validation(), recipe.task(), stop);
    Verdict verdict = Verdict.of(scores, threshold(scores, stop));
    return new Run.Outcome(verdict, manifest(verdict));
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

  private Manifest.Threshold threshold(ValidationScores scores, StopSignal stop) {
    int views = recipe.thresholdViews();
    ValidationScores chosenOn =
        views == 0
            ? scores
            : ValidationScores.ofViews(
                finished.answering(),
                manager,
                TrainingData.validationViews(data.pixels(), recipe),
                views,
                recipe.task(),
                stop);
    Threshold chosen = recipe.threshold().choose(chosenOn.positives());
    return new Manifest.Threshold(
        chosen.value(),
        views == 0
            ? chosen.chosenBy() + " on validation"
            : "%s on %d augmented views of validation".formatted(chosen.chosenBy(), views));
  }

  private Manifest manifest(Verdict verdict) {
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
        1.0,
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
