package dev.cxr.models.bundle;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A key whose values differ between recipes.
 *
 * @param key as {@code --set} names it, such as {@code early-stopping.patience}
 * @param values the value in each recipe; {@link JsonNull} if it does not have the key
 */
public record RecipeDifference(String key, List<JsonElement> values) {

  /** Prose for people, under its present and its former name: it changes no training. */
  private static final Set<String> PROSE = Set.of("description", "about");

  /**
   * {@return the keys whose values differ, in the order of the recipes; numbers are compared by
   * value, a list as a whole, and the description not at all}
   *
   * @param recipes resolved recipes, as {@link Manifest#recipe()} or as Gson converts the map of a
   *     YAML file
   */
  public static List<RecipeDifference> of(List<? extends JsonElement> recipes) {
    List<Map<String, JsonElement>> flat =
        recipes.stream().map(RecipeDifference::valuesByKey).toList();
    Set<String> keys = new LinkedHashSet<>();
    flat.forEach(values -> keys.addAll(values.keySet()));
    keys.removeAll(PROSE);
    List<RecipeDifference> differences = new ArrayList<>();
    for (String key : keys) {
      List<JsonElement> values =
          flat.stream().map(recipe -> recipe.getOrDefault(key, JsonNull.INSTANCE)).toList();
      if (values.stream().distinct().count() > 1) {
        differences.add(new RecipeDifference(key, values));
      }
    }
    return List.copyOf(differences);
  }

  /** {@return the values as text; {@code -} for a recipe that does not have the key} */
  public List<String> texts() {
    return values.stream().map(RecipeDifference::text).toList();
  }

  private static String text(JsonElement value) {
    if (value.isJsonNull()) {
      return "-";
    }
    if (!(value instanceof JsonPrimitive single)) {
      return value.toString();
    }
    return single.isNumber()
        ? single.getAsString().replace(".0E", "e").replace('E', 'e')
        : single.getAsString();
  }

  private static Map<String, JsonElement> valuesByKey(JsonElement recipe) {
    Map<String, JsonElement> values = new LinkedHashMap<>();
    if (recipe instanceof JsonObject object) {
      addValues("", object, values);
    }
    return values;
  }

  private static void addValues(String prefix, JsonObject object, Map<String, JsonElement> values) {
    object
        .asMap()
        .forEach(
            (key, value) -> {
              if (value instanceof JsonObject nested && !nested.isEmpty()) {
                addValues(prefix + key + ".", nested, values);
              } else {
                values.put(prefix + key, normalized(value));
              }
            });
  }

  /** Such that numbers of one value are equal, with equal hash codes. */
  private static JsonElement normalized(JsonElement value) {
    if (!(value instanceof JsonPrimitive number) || !number.isNumber()) {
      return value;
    }
    double asDouble = number.getAsDouble();
    return asDouble == Math.rint(asDouble) && Math.abs(asDouble) < 1L << 53
        ? new JsonPrimitive((long) asDouble)
        : new JsonPrimitive(asDouble);
  }
}
