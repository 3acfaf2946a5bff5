package dev.cxr.train.recipe;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The defaults of {@link Recipe}, from its annotations. */
final class RecipeDefaults {

  private RecipeDefaults() {}

  /** Adds the defaults of absent keys. */
  static void complete(Map<String, Object> recipe) {
    complete(Recipe.class, recipe);
  }

  /** Adds the defaults of absent keys, also in nested records. */
  @SuppressWarnings("unchecked") // a key of another type is unknown
  private static void complete(Class<?> type, Map<String, Object> map) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = kebabCase(component.getName());
      Default byDefault = component.getAnnotation(Default.class);
      if (byDefault != null && !map.containsKey(key)) {
        map.put(key, RecipeYaml.parse(byDefault.value(), key));
      }
      Class<?> nested =
          component.getGenericType() instanceof ParameterizedType of
              ? (Class<?>) of.getActualTypeArguments()[0]
              : component.getType();
      if (nested.isRecord()) {
        (map.get(key) instanceof List<?> list ? list.stream() : Stream.ofNullable(map.get(key)))
            .filter(Map.class::isInstance)
            .forEach(value -> complete(nested, (Map<String, Object>) value));
      }
    }
  }

  private static String kebabCase(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
