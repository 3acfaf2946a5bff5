package dev.cxr.train.cli;

import dev.cxr.common.cli.UserErrorException;
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

/** The options by which a command is told what to train and on what. */
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
      description =
          "A safetensors file of published weights that the network's backbone begins with.")
  private @Nullable String weights;

  @Option(
      names = "--freeze",
      paramLabel = "STAGES",
      description =
          "Stages that keep the weights they begin with: none, backbone, or how many of the first.")
  private @Nullable String freeze;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the recipe, such as early-stopping.patience=5.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  Recipes.ResolvedRecipe recipe() throws IOException {
    String defaultRecipe = data.data().equals(DatasetIndex.SYNTHETIC) ? "quick" : "binary";
    return Recipes.read(recipe != null ? recipe : defaultRecipe, recipeOverrides());
  }

  /** What the options change of the recipe, as {@code --set} would. */
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
    changes.putAll(overrides);
    return changes;
  }

  /** As YAML's text, whatever is in it. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** The collection, with the validation split that the recipe draws. */
  DatasetIndex openDataset(Recipe forRecipe) throws IOException {
    return data.open(forRecipe.validation());
  }

  /** Refuses a recipe next to {@code --resume}, which has one. */
  void requireNoRecipe() {
    if (recipe != null || !recipeOverrides().isEmpty()) {
      throw UserErrorException.ofUsage(
          "--resume with the recipe that the run began with",
          recipe != null ? "--recipe " + recipe : "--set " + recipeOverrides(),
          "Leave it out, or begin a new run.");
    }
  }

  /** Where the pictures are, as named or by default. */
  DatasetLocation source() {
    return DatasetLocation.of(data);
  }

  /** Whether a collection was named. */
  boolean isDataSpecified() {
    return data.isGiven();
  }

  /** The collection as it was typed. */
  String data() {
    return data.data();
  }
}
