package dev.cxr.train.run;

import dev.cxr.common.files.Sha256;
import dev.cxr.models.weights.PretrainedWeights;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Starts and resumes runs with one seed: of one network, or of the two of a cascade. */
public final class TrainingLauncher {

  private TrainingLauncher() {}

  /**
   * Trains in a new run folder.
   *
   * @param target the run folder
   * @param recipe the recipe
   * @param source location of the images
   * @param options of the training
   * @return validation metrics and manifest of the bundle
   * @throws dev.cxr.common.cli.UserErrorException if the dataset does not fit the recipe, the
   *     folder exists or the disk is full
   * @throws StopSignal.StopRequestedException if it was stopped, after saving
   * @throws IOException if a file cannot be read or written
   */
  public static TrainingResult start(
      Recipes.ResolvedRecipe recipe, DatasetLocation source, Path target, TrainingOptions options)
      throws IOException {
    Recipes.ResolvedRecipe pinned = pinWeights(recipe);
    if (pinned.recipe().cascade()) {
      source.openDataset(pinned.recipe()); // fails before the folder appears
      return RunFolder.create(
          target,
          pinned,
          new RunFolder.RunRequest(source, 1, ""),
          () -> resume(target, source, options));
    }
    return TrainingRun.start(pinned, source, target, options);
  }

  /** Adds the checksum of the pretrained weights: a path alone does not identify them. */
  private static Recipes.ResolvedRecipe pinWeights(Recipes.ResolvedRecipe recipe)
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
   * Resumes a run that was stopped or killed; it ends as if that had not happened.
   *
   * @param source where its images are now
   * @param folder the run folder
   * @param options of the training
   * @return validation metrics and manifest of the bundle
   * @throws dev.cxr.common.cli.UserErrorException if another process works on it, or the images are
   *     others
   * @throws StopSignal.StopRequestedException if it was stopped again, after saving
   * @throws IOException if a file cannot be read or written
   */
  public static TrainingResult resume(Path folder, DatasetLocation source, TrainingOptions options)
      throws IOException {
    Recipes.ResolvedRecipe recipe = RunFolder.readRecipe(folder);
    if (!recipe.recipe().cascade()) {
      return TrainingRun.resume(folder, recipe, source, options);
    }
    try (RunFolder cascade = new RunFolder(folder)) {
      for (CascadeRun.Step step : CascadeRun.steps(folder, recipe)) {
        options.listener().onMessage(step.title());
        complete(step.folder(), step.recipe(), source, options);
      }
      return CascadeRun.combine(cascade, recipe, source, options);
    }
  }

  /** Starts or resumes a run inside a folder of runs, unless it is complete. */
  static void complete(
      Path folder, Recipes.ResolvedRecipe recipe, DatasetLocation source, TrainingOptions options)
      throws IOException {
    if (RunFolder.isComplete(folder)) {
      options.listener().onMessage("Complete: " + folder);
    } else if (Files.exists(folder)) {
      resume(folder, source, options);
    } else {
      start(recipe, source, folder, options);
    }
  }
}
