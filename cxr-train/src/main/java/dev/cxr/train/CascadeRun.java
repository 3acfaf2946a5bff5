package dev.cxr.train;

import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.index.Task;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.composition.Cascade;
import dev.cxr.models.composition.ModelSpec;
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

  private static final Map<Task, String> STEPS =
      Map.of(Task.BINARY, "step-1-binary", Task.SUBTYPE, "step-2-subtype");

  private final Path folder;
  private final Recipes.Resolved recipe;
  private final Source source;
  private final Run.Care care;

  private CascadeRun(Path folder, Recipes.Resolved recipe, Source source, Run.Care care) {
    this.folder = folder;
    this.recipe = recipe;
    this.source = source;
    this.care = care;
  }

  /** Makes the folder, if there are pictures to learn from; {@link #goOn} fills it. */
  static void begin(Recipes.Resolved recipe, Source source, Path target) throws IOException {
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      source.open(recipe.recipe().validation());
      RunFolder.begin(folder.path(), recipe, new RunFolder.Order(source, 1, ""));
      folder.commit();
    }
  }

  /**
   * Brings both steps to their ends, whether they have begun or not, and composes them.
   *
   * @throws StopSignal.Given if it was told to stop, and has saved
   */
  static Run.Outcome goOn(Path folder, Source source, Run.Care care) throws IOException {
    CascadeRun run = new CascadeRun(folder, RunFolder.recipe(folder), source, care);
    try (RunFolder own = RunFolder.open(folder)) {
      Path binary = run.step(Task.BINARY);
      Path subtype = run.step(Task.SUBTYPE);
      return run.compose(own, binary, subtype);
    }
  }

  private Path step(Task task) throws IOException {
    String name = task.name().toLowerCase(Locale.ROOT);
    System.out.printf("%nCascade, %s: %s%n", name, String.join(" or ", task.classes()));
    Path run = folder.resolve(STEPS.get(task));
    Runs.bringToItsEnd(
        run,
        Recipes.changed(
            recipe,
            Map.of("task", name, "cascade", "false", "name", recipe.recipe().name() + "-" + name)),
        source,
        care);
    return run.resolve(RunFolder.BUNDLE);
  }

  private Run.Outcome compose(RunFolder own, Path first, Path second) throws IOException {
    Bundle binary = Bundle.open(first);
    Bundle subtype = Bundle.open(second);
    TrainingData data =
        TrainingData.open(recipe.recipe(), source.open(recipe.recipe().validation()));
    try (Classifier one = Classifier.load(binary);
        Classifier other = Classifier.load(subtype)) {
      Finished finished =
          new Finished(
              new ModelSpec.CascadeSpec(
                  ModelSpec.parse(binary.manifest().architecture()),
                  ModelSpec.parse(subtype.manifest().architecture())),
              new Cascade(one.block(), other.block()),
              binary.manifest().epoch(),
              Finished.history("step", List.of("binary", "subtype"), List.of(binary, subtype)));
      BundleMaker maker = new BundleMaker(recipe, data, finished, one.manager());
      Run.Outcome outcome = maker.judge(care.stop());
      maker.write(outcome.manifest(), own);
      return outcome;
    } catch (StopSignal.Given stopped) {
      care.sayHowToGoOn("Stopped; both steps are kept.");
      throw stopped;
    }
  }
}
