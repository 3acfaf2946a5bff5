package dev.cxr.train.cli;

import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists the recipes. */
@Command(
    name = "recipes",
    description = "List the built-in recipes, or print one as a file to start your own from.")
public final class RecipesCommand implements Callable<Integer> {

  @Option(
      names = "--show",
      paramLabel = "NAME|FILE",
      description = "Print this recipe as YAML, with all defaults.")
  private @Nullable String recipeToShow;

  @Override
  public Integer call() throws IOException {
    if (recipeToShow != null) {
      System.out.print(Recipes.comment(recipeToShow));
      System.out.print(Recipes.toYaml(Recipes.read(recipeToShow, Map.of())));
      return 0;
    }
    List<String> names = Recipes.builtIn();
    int width = names.stream().mapToInt(String::length).max().orElseThrow();
    for (String name : names) {
      System.out.println(name + " ".repeat(width - name.length() + 2) + Recipes.description(name));
    }
    return 0;
  }
}
