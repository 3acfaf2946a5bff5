package dev.cxr.train;

import dev.cxr.common.files.Sha256;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Runs of one seed, of one network or of a cascade's two. */
final class Runs {

  private Runs() {}

  /**
   * Trains to the end in a new run folder.
   *
   * @throws StopSignal.Given if it was told to stop, and has saved
   */
  static Run.Outcome begin(Recipes.Resolved recipe, Source source, Path target, Run.Care care)
      throws IOException {
    Recipes.Resolved exact = withChecksum(recipe);
    if (exact.recipe().cascade()) {
      CascadeRun.begin(exact, source, target);
      return CascadeRun.goOn(target, source, care);
    }
    return Run.begin(exact, source, target, care);
  }

  /** A name tells little about published weights: the run keeps which ones it began with. */
  private static Recipes.Resolved withChecksum(Recipes.Resolved recipe) throws IOException {
    Optional<Recipe.Pretrained> weights = recipe.recipe().weights();
    if (weights.isEmpty() || !weights.get().isGiven() || weights.get().sha256().isPresent()) {
      return recipe;
    }
    Path file = PretrainedWeights.locate(weights.get().from(), Optional.empty());
    return Recipes.changed(recipe, Map.of("weights.sha256", "'%s'".formatted(Sha256.hex(file))));
  }

  /**
   * Goes on with a run that was stopped, and ends as if it never had been.
   *
   * @param source where its pictures are now
   * @throws StopSignal.Given if it was told to stop again, and has saved
   */
  static Run.Outcome resume(Path folder, Source source, Run.Care care) throws IOException {
    return RunFolder.recipe(folder).recipe().cascade()
        ? CascadeRun.goOn(folder, source, care)
        : Run.resume(folder, source, care);
  }

  /** Begins or goes on with a run within a folder of runs, unless it is complete. */
  static void bringToItsEnd(Path folder, Recipes.Resolved recipe, Source source, Run.Care care)
      throws IOException {
    if (RunFolder.isComplete(folder)) {
      System.out.println("Complete: " + folder);
    } else if (Files.exists(folder)) {
      resume(folder, source, care);
    } else {
      begin(recipe, source, folder, care);
    }
  }
}
