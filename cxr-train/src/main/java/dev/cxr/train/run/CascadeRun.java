package dev.cxr.train.run;

import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.composition.Cascade;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.export.TrainedModel;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Two runs, one after the other, whose networks answer the three-class task as one: normal or
 * pneumonia, learned from all pictures, and which pneumonia, learned from pneumonias alone.
 *
 * <pre>
 * OUT/recipe.yaml, run.json   as in a run folder
 * OUT/step-1-binary/          a run folder, its bundle included
 * OUT/step-2-subtype/         likewise
 * OUT/bundle/                 the cascade
 * </pre>
 */
final class CascadeRun {

  private static final Map<Task, String> STEP_FOLDERS =
      Map.of(Task.BINARY, "step-1-binary", Task.SUBTYPE, "step-2-subtype");

  private final Path folder;
  private final Recipes.ResolvedRecipe recipe;
  private final DatasetLocation source;
  private final TrainingRun.RunOptions options;

  private CascadeRun(
      Path folder,
      Recipes.ResolvedRecipe recipe,
      DatasetLocation source,
      TrainingRun.RunOptions options) {
    this.folder = folder;
    this.recipe = recipe;
    this.source = source;
    this.options = options;
  }

  /** Makes the folder, if there are pictures to learn from; {@link #resume} fills it. */
  static void create(Recipes.ResolvedRecipe recipe, DatasetLocation source, Path target)
      throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      source.openDataset(recipe.recipe().validation());
      RunFolder.initialize(folder.path(), recipe, new RunFolder.RunRequest(source, 1, ""));
      folder.commit();
    }
  }

  /**
   * Brings both steps to their ends, whether they have begun or not, and composes them.
   *
   * @throws StopSignal.StopRequestedException if it was told to stop, and has saved
   */
  static TrainingRun.RunOutcome resume(
      Path folder, DatasetLocation source, TrainingRun.RunOptions options) throws IOException {
    CascadeRun run = new CascadeRun(folder, RunFolder.readRecipe(folder), source, options);
    try (RunFolder cascadeFolder = RunFolder.open(folder)) {
      Path binary = run.trainStep(Task.BINARY);
      Path subtype = run.trainStep(Task.SUBTYPE);
      return run.compose(cascadeFolder, binary, subtype);
    }
  }

  private Path trainStep(Task task) throws IOException {
    String name = task.name().toLowerCase(Locale.ROOT);
    System.out.printf("%nCascade, %s: %s%n", name, String.join(" or ", task.classes()));
    Path run = folder.resolve(STEP_FOLDERS.get(task));
    TrainingRuns.complete(
        run,
        Recipes.withOverrides(
            recipe,
            Map.of("task", name, "cascade", "false", "name", recipe.recipe().name() + "-" + name)),
        source,
        options);
    return run.resolve(RunFolder.BUNDLE);
  }

  private TrainingRun.RunOutcome compose(RunFolder cascadeFolder, Path first, Path second)
      throws IOException {
    Bundle binary = Bundle.open(first);
    Bundle subtype = Bundle.open(second);
    TrainingData data =
        TrainingData.open(recipe.recipe(), source.openDataset(recipe.recipe().validation()));
    try (Classifier binaryClassifier = Classifier.load(binary);
        Classifier subtypeClassifier = Classifier.load(subtype)) {
      TrainedModel model =
          new TrainedModel(
              new ModelSpec.CascadeSpec(
                  ModelSpec.parse(binary.manifest().architecture()),
                  ModelSpec.parse(subtype.manifest().architecture())),
              new Cascade(binaryClassifier.block(), subtypeClassifier.block()),
              binary.manifest().epoch(),
              TrainedModel.history("step", List.of("binary", "subtype"), List.of(binary, subtype)));
      BundleExporter exporter = new BundleExporter(recipe, data, model, binaryClassifier.manager());
      TrainingRun.RunOutcome outcome = exporter.evaluate(options.stop());
      exporter.write(outcome.manifest(), cascadeFolder);
      return outcome;
    } catch (StopSignal.StopRequestedException stopped) {
      options.printResumeCommand("Stopped; both steps are kept.");
      throw stopped;
    }
  }
}
