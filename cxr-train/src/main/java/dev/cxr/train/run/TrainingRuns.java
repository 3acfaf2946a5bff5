package dev.cxr.train.run;

import dev.cxr.common.files.Sha256;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Runs of one seed, of one network or of a cascade's two. */
public final class TrainingRuns {

  private TrainingRuns() {}

  /**
   * Trains to the end in a new run folder.
   *
   * @throws StopSignal.StopRequestedException if it was told to stop, and has saved
   */
  public static TrainingRun.RunOutcome start(
      Recipes.ResolvedRecipe recipe,
      DatasetLocation source,
      Path target,
      TrainingRun.RunOptions options)
      throws IOException {
    Recipes.ResolvedRecipe pinned = withChecksum(recipe);
    if (pinned.recipe().cascade()) {
      CascadeRun.create(pinned, source, target);
      return CascadeRun.resume(target, source, options);
    }
    return TrainingRun.start(pinned, source, target, options);
  }

  /** A name tells little about published weights: the run keeps which ones it began with. */
  private static Recipes.ResolvedRecipe withChecksum(Recipes.ResolvedRecipe recipe)
      throws IOException {
    Optional<Recipe.PretrainedConfig> weights = recipe.recipe().weights();
    if (weights.isEmpty() || !weights.get().isSpecified() || weights.get().sha256().isPresent()) {
      return recipe;
    }
    Path file = PretrainedWeights.locate(weights.get().from(), Optional.empty());
    return Recipes.withOverrides(
        recipe, Map.of("weights.sha256", "'%s'".formatted(Sha256.hex(file))));
  }

  /**
   * Goes on with a run that was stopped, and ends as if it never had been.
   *
   * @param source where its pictures are now
   * @throws StopSignal.StopRequestedException if it was told to stop again, and has saved
   */
  public static TrainingRun.RunOutcome resume(
      Path folder, DatasetLocation source, TrainingRun.RunOptions options) throws IOException {
    return RunFolder.readRecipe(folder).recipe().cascade()
        ? CascadeRun.resume(folder, source, options)
        : TrainingRun.resume(folder, source, options);
  }

  /** Begins or goes on with a run within a folder of runs, unless it is complete. */
  static void complete(
      Path folder,
      Recipes.ResolvedRecipe recipe,
      DatasetLocation source,
      TrainingRun.RunOptions options)
      throws IOException {
    if (RunFolder.isComplete(folder)) {
      System.out.println("Complete: " + folder);
    } else if (Files.exists(folder)) {
      resume(folder, source, options);
    } else {
      start(recipe, source, folder, options);
    }
  }
}
