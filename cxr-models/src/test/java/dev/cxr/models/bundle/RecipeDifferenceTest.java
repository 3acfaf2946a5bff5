package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RecipeDifferenceTest {

  private static Map<String, List<String>> differences(String... recipes) {
    List<JsonElement> parsed = Arrays.stream(recipes).map(JsonParser::parseString).toList();
    return RecipeDifference.of(parsed).stream()
        .collect(
            Collectors.toMap(
                RecipeDifference::key, RecipeDifference::texts, (a, b) -> a, LinkedHashMap::new));
  }

  @Test
  void namesNestedKeysAsSetDoes() {
    assertThat(
            differences(
                "{'seed': 1, 'epochs': 5, 'augmentation': {'shear': 0.1, 'flip': true}}",
                "{'seed': 2, 'epochs': 5, 'augmentation': {'shear': 0.2, 'flip': true}}",
                "{'seed': 1, 'epochs': 5, 'augmentation': {'shear': 0.1, 'flip': false}}"))
        .containsExactly(
            Map.entry("seed", List.of("1", "2", "1")),
            Map.entry("augmentation.shear", List.of("0.1", "0.2", "0.1")),
            Map.entry("augmentation.flip", List.of("true", "true", "false")));
  }

  @Test
  void showsADashWhereARecipeHasNoSuchKey() {
    assertThat(differences("{'plateau': 'none'}", "{'plateau': {'factor': 0.5}}"))
        .containsExactly(
            Map.entry("plateau", List.of("none", "-")),
            Map.entry("plateau.factor", List.of("-", "0.5")));
    assertThat(RecipeDifference.of(List.of(JsonNull.INSTANCE, JsonParser.parseString("{'a': 1}"))))
        .extracting(RecipeDifference::texts)
        .containsExactly(List.of("-", "1"));
  }

  @Test
  void comparesNumbersByValue() {
    assertThat(differences("{'a': 1e-4, 'b': 1, 'c': 2}", "{'a': 0.0001, 'b': 1.0, 'c': 2.5E-5}"))
        .containsExactly(Map.entry("c", List.of("2", "2.5e-5")));
  }

  @Test
  void comparesARecipeOfABundleWithOneOfAYamlFile() {
    JsonElement yaml = new Gson().toJsonTree(Map.of("rate", 1e-4, "epochs", 3));
    JsonElement bundle = JsonParser.parseString("{'rate': 1.0E-4, 'epochs': 4}");
    assertThat(RecipeDifference.of(List.of(yaml, bundle)))
        .extracting(RecipeDifference::key)
        .containsExactly("epochs");
  }

  @Test
  void comparesAListAsAWhole() {
    assertThat(differences("{'phases': [{'from': 1}]}", "{'phases': []}"))
        .containsExactly(Map.entry("phases", List.of("[{\"from\":1}]", "[]")));
  }

  @Test
  void ignoresDescriptionsAndOrder() {
    assertThat(
            differences(
                "{'about': 'x', 'side': 8, 'seed': 1}",
                "{'description': 'y', 'seed': 1, 'side': 8}"))
        .isEmpty();
  }
}
