package dev.cxr.train.recipe;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds recipes, overrides keys and checks them.
 *
 * @since 0.1
 */
public final class Recipes {

  /** In the order of {@code recipes}. */
  private static final List<String> BUILT_IN =
      List.of(
          "binary",
          "binary-as-reported",
          "compact",
          "compact-as-reported",
          "three-class",
          "three-class-as-reported",
          "cascade",
          "autoencoder",
          "anomaly",
          "five-layer-plain",
          "five-layer-augmented",
          "five-layer-oversampled",
          "mobilenet",
          "resnet50",
          "densenet121",
          "vgg16",
          "xception",
          "inception-v3",
          "quick");

  /** Old names of keys, which recipe files and bundles may have. */
  private static final Map<String, String> RENAMED_KEYS =
      Map.of("about", "description", "mirrored", "flip-averaging", "averaging", "ema");

  private static final int MAX_BYTES = 1 << 20;

  private Recipes() {}

  /**
   * A recipe with its keys and values, which a bundle keeps.
   *
   * @param recipe checked
   * @param values as in YAML, with overrides and defaults
   */
  public record ResolvedRecipe(Recipe recipe, Map<String, Object> values) {}

  /** {@return the names of the built-in recipes} */
  public static List<String> builtIn() {
    return BUILT_IN;
  }

  /**
   * Reads a recipe.
   *
   * @param nameOrFile a built-in name, or the path of a YAML file
   * @param overrides dotted key to value as YAML, such as {@code early-stopping.patience} to {@code
   *     5}
   * @return the recipe with its defaults
   * @throws UserErrorException if there is no such recipe or it is invalid
   * @throws IOException if the file cannot be read
   */
  public static ResolvedRecipe read(String nameOrFile, Map<String, String> overrides)
      throws IOException {
    return resolve(text(nameOrFile), "recipe " + nameOrFile, overrides);
  }

  /**
   * The recipe of a bundle.
   *
   * @param bundle the bundle
   * @return the recipe with its defaults
   * @throws UserErrorException if this version cannot read it
   */
  public static ResolvedRecipe fromBundle(Bundle bundle) {
    return resolve(
        bundle.manifest().recipe().toString(), "the recipe in " + bundle.folder(), Map.of());
  }

  /**
   * What a recipe trains, without checking its other keys: much sooner than {@link #read}.
   *
   * @param nameOrFile as in {@link #read}
   * @return its description
   * @throws UserErrorException if there is no such recipe
   * @throws IOException if the file cannot be read
   */
  public static String description(String nameOrFile) throws IOException {
    return String.valueOf(
        parse(text(nameOrFile), "recipe " + nameOrFile).getOrDefault("description", ""));
  }

  /**
   * The keys and values of a recipe, without checking them: much sooner than {@link #read}.
   *
   * @param nameOrFile as in {@link #read}
   * @return the values with their defaults, under the current names of the keys
   * @throws UserErrorException if there is no such recipe
   * @throws IOException if the file cannot be read
   */
  public static Map<String, Object> values(String nameOrFile) throws IOException {
    Map<String, Object> values = parse(text(nameOrFile), "recipe " + nameOrFile);
    RecipeDefaults.complete(values);
    return values;
  }

  private static ResolvedRecipe resolve(String text, String source, Map<String, String> overrides) {
    Map<String, Object> map = parse(text, source);
    overrides.forEach((key, value) -> override(map, key, value, source));
    return new ResolvedRecipe(new RecipeBinder(source).bind(map), map);
  }

  /**
   * The comment lines at the beginning of a recipe.
   *
   * @param nameOrFile as in {@link #read}
   * @return lines that start with {@code #}; empty without comment
   * @throws UserErrorException if there is no such recipe
   * @throws IOException if the file cannot be read
   */
  public static String comment(String nameOrFile) throws IOException {
    return text(nameOrFile)
        .lines()
        .takeWhile(line -> line.startsWith("#"))
        .map(line -> line + System.lineSeparator())
        .collect(Collectors.joining());
  }

  /**
   * A recipe with its defaults as YAML, for {@link #read}.
   *
   * @param recipe the recipe
   * @return YAML with every key
   */
  public static String toYaml(ResolvedRecipe recipe) {
    return RecipeYaml.write(recipe.values());
  }

  /**
   * The recipe with other values for some keys.
   *
   * @param overrides dotted key to value as YAML
   * @param recipe the recipe
   * @return a new recipe
   */
  public static ResolvedRecipe withOverrides(ResolvedRecipe recipe, Map<String, String> overrides) {
    return resolve(toYaml(recipe), "recipe " + recipe.recipe().name(), overrides);
  }

  private static String text(String nameOrFile) throws IOException {
    if (BUILT_IN.contains(nameOrFile)) {
      try (InputStream in = Recipes.class.getResourceAsStream(nameOrFile + ".yaml")) {
        if (in == null) {
          throw new IllegalStateException("the build left out the recipe " + nameOrFile);
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    Path file = Path.of(nameOrFile);
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw UsageErrorException.of(
          "a recipe: %s, or a YAML file of at most 1 MiB".formatted(String.join(", ", BUILT_IN)),
          "'" + nameOrFile + "'",
          "Choose one of those; `recipes` says what each does.");
    }
    return Files.readString(file);
  }

  private static Map<String, Object> parse(String text, String source) {
    if (RecipeYaml.parse(text, source) instanceof Map<?, ?> map) {
      Map<String, Object> current = new LinkedHashMap<>();
      map.forEach((key, value) -> current.put(currentKey(String.valueOf(key)), value));
      return current;
    }
    throw UsageErrorException.of(
        "keys and values in " + source,
        "another kind of YAML",
        "`recipes --show binary` prints an example.");
  }

  private static String currentKey(String key) {
    return RENAMED_KEYS.getOrDefault(key, key);
  }

  /** Sets a value; unknown keys are reported when the map is bound. */
  @SuppressWarnings("unchecked")
  private static void override(Map<String, Object> map, String key, String value, String source) {
    int dot = key.indexOf('.');
    if (dot < 0) {
      map.put(currentKey(key), RecipeYaml.parse(value, "--set " + key));
    } else if (map.computeIfAbsent(
            currentKey(key.substring(0, dot)), absent -> new LinkedHashMap<>())
        instanceof Map<?, ?> nested) {
      override((Map<String, Object>) nested, key.substring(dot + 1), value, source);
    } else {
      throw UsageErrorException.of(
          "the key of a value in " + source, "--set " + key, "`recipes --show` prints all keys.");
    }
  }
}
