package dev.cxr.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

class RecipesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("dev.cxr.train.recipe.Recipes#builtIn")
  void everyBuiltInRecipeIsNamedAsItsFileAndCanBeRun(String name) throws IOException {
    assertThat(Recipes.read(name, Map.of()).recipe().name()).isEqualTo(name);
  }

  @Test
  void aValueIsOverriddenWhereverItStands() throws IOException {
    Recipe recipe =
        Recipes.read(
                "binary",
                Map.of("learning-rate", "3e-5", "early-stopping.patience", "7", "epochs", "2"))
            .recipe();
    assertThat(recipe.learningRate()).isEqualTo(3e-5);
    assertThat(recipe.earlyStopping().patience()).isEqualTo(7);
    assertThat(recipe.epochs()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learning-rat            | 1    | 'learning-rat'          | 'learning-rate'",
        "early-stopping.patients | 1    | 'early-stopping.patients' | 'early-stopping.patience'",
        "augmentation.rotation   | 3    | 'augmentation.rotation' | 'augmentation.rotation-degrees'",
        "epochs                  | ten  | a whole number for 'epochs' | 'ten'",
        "epochs                  | 1.5  | a whole number for 'epochs' | '1.5'",
        "learning-rate           | fast | a number for 'learning-rate' | 'fast'",
        "class-weights           | some | none or balanced for 'class-weights' | 'some'",
        "augmentation.mirror     | 3    | true or false for 'augmentation.mirror' | '3'",
        "augmentation            | 3    | keys and values for 'augmentation' | '3'",
        "epochs                  | 0    | epochs: 1 to 10,000 | not 0",
        "plateau.factor          | 2    | plateau. | factor: between 0 and 1",
        "validation.fraction     | 1    | validation. | fraction",
        "epochs.many             | 1    | the name of a value | --set",
        "architecture            | lenet | an architecture of binary-cnn | 'lenet'",
      })
  void whatARecipeCannotSayIsRefusedByName(String key, String value, String one, String other) {
    assertThatThrownBy(() -> Recipes.read("binary", Map.of(key.strip(), value.strip())))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(2))
        .hasMessageContaining(one.strip())
        .hasMessageContaining(other.strip());
  }

  @Test
  void aMissingKeyIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "name: mine\n");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'about'")
        .hasMessageContaining(file.toString());
  }

  @Test
  void textThatIsNoYamlAndAPathThatIsNoFileAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "a: [1");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("Expected YAML");
    assertThatThrownBy(() -> Recipes.read("nonesuch", Map.of()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("binary")
        .hasMessageContaining("'nonesuch'");
  }

  @Test
  void yamlCannotMakeObjects() throws IOException {
    Path file = Files.writeString(folder.resolve("evil.yaml"), "name: !!java.lang.Thread []\n");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of())).isInstanceOf(Refusal.class);
  }

  @Test
  void theResolvedRecipeCanBeRunAgain() throws IOException {
    Recipes.Resolved first = Recipes.read("quick", Map.of("seed", "12", "plateau.factor", "0.7"));
    String yaml = new Dump(DumpSettings.builder().build()).dumpToString(first.resolved());
    Path file = Files.writeString(folder.resolve("again.yaml"), yaml);
    assertThat(Recipes.read(file.toString(), Map.of())).isEqualTo(first);
  }
}
