package dev.cxr.train;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.DataOptions;
import dev.cxr.data.shell.Refusal;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
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

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the recipe, such as early-stopping.patience=5.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  Recipes.Resolved recipe() throws IOException {
    String usual = data.data().equals(Catalogue.SYNTHETIC) ? "quick" : "binary";
    return Recipes.read(recipe != null ? recipe : usual, overrides);
  }

  /** The collection, with the validation split that the recipe draws. */
  Catalogue open(Recipe of) throws IOException {
    return data.open(of.validation());
  }

  /** Refuses a recipe next to {@code --resume}, which has one. */
  void requireNoRecipe() {
    if (recipe != null || !overrides.isEmpty()) {
      throw Refusal.ofUsage(
          "--resume with the recipe that the run began with",
          recipe != null ? "--recipe " + recipe : "--set " + overrides,
          "Leave it out, or begin a new run.");
    }
  }

  /** Where the pictures are, as named or by default. */
  Source source() {
    return Source.of(data);
  }

  /** Whether a collection was named. */
  boolean isSourceGiven() {
    return data.isGiven();
  }

  /** The collection as it was typed. */
  String data() {
    return data.data();
  }
}
