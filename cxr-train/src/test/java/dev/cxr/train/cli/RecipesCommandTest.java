package dev.cxr.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.train.recipe.Recipes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipesCommandTest {

  @TempDir private Path folder;

  @Test
  void listsRecipesInTwoColumns() {
    List<String> lines = CliResult.run(List.of("recipes")).out().lines().toList();
    assertThat(lines).hasSameSizeAs(Recipes.builtIn());
    assertThat(lines).allMatch(line -> line.matches("\\S.{22}  \\S.*"));
  }

  @Test
  void showsCommentAndReadableRecipe() throws Exception {
    String shown = CliResult.run(List.of("recipes", "--show", "binary")).out();
    assertThat(shown).startsWith("# Normal or pneumonia, from scratch.");
    Path file = Files.writeString(folder.resolve("shown.yaml"), shown);
    assertThat(Recipes.read(file.toString(), Map.of())).isEqualTo(Recipes.read("binary", Map.of()));
  }
}
