package dev.cxr.train.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.DatasetLocation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for recipe and dataset. */
final class RecipeOptions {

  @Option(
      names = "--recipe",
      paramLabel = "NAME|FILE",
      description =
          "A built-in recipe or a YAML file (default: 'binary'; on the built-in sample 'quick').")
  private @Nullable String recipe;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = "The network, in place of the recipe's; `cxr-models list` lists them.")
  private @Nullable String architecture;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description = "A safetensors file of pretrained weights for the network's backbone.")
  private @Nullable String weights;

  @Option(
      names = "--freeze",
      paramLabel = "STAGES",
      description = "Stages that are not trained: none, backbone, or the number of first stages.")
  private @Nullable String freeze;

  /** The dataset. */
  @Mixin DataOptions data = new DataOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the recipe, such as early-stopping.patience=5.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  Recipes.ResolvedRecipe recipe() throws IOException {
    String defaultRecipe = data.data().equals(DatasetIndex.SYNTHETIC) ? "quick" : "binary";
    return Recipes.read(recipe != null ? recipe : defaultRecipe, recipeOverrides());
  }

  /** The options that override keys of the recipe, as {@code --set} does. */
  private Map<String, String> recipeOverrides() {
    Map<String, String> changes = new LinkedHashMap<>();
    if (architecture != null) {
      changes.put("architecture", quoted(architecture));
    }
    if (weights != null) {
      changes.put("weights", "{from: %s}".formatted(quoted(weights)));
    }
    if (freeze != null) {
      changes.put("freeze", quoted(freeze));
    }
    data.classes().ifPresent(classes -> changes.put("classes", quoted(classes)));
    data.window().ifPresent(window -> changes.put("dicom-window", String.valueOf(window)));
    changes.putAll(overrides);
    return changes;
  }

  /** A YAML string. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The dataset with the recipe's validation split. */
  DatasetIndex openDataset(Recipe forRecipe) throws IOException {
    return data.open(forRecipe.datasetOptions());
  }

  /** A resumed run has a recipe of its own. */
  void requireNoRecipe() {
    if (recipe != null || !recipeOverrides().isEmpty()) {
      throw UsageErrorException.of(
          "--resume with the recipe of the run",
          recipe != null ? "--recipe " + recipe : "--set " + recipeOverrides(),
          "Omit it, or start a new run.");
    }
  }

  /** Where the images are. */
  DatasetLocation source() {
    return DatasetLocation.of(
        data.data(), data.format().orElse(null), data.ignored(), data.labelPolicy().orElse(null));
  }
}
