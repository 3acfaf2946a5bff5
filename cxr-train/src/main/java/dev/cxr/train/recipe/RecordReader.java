package dev.cxr.train.recipe;

import dev.cxr.data.shell.Refusal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of a map with the same keys, strictly: an unknown, missing or ill-typed key is
 * refused by its full name. A component {@code batchSize} is the key {@code batch-size}.
 */
final class RecordReader {

  private final String source;

  /** For messages: where the map comes from. */
  RecordReader(String source) {
    this.source = source;
  }

  <T extends Record> T read(Class<T> type, Map<?, ?> map) {
    return read(type, map, "");
  }

  private <T extends Record> T read(Class<T> type, Map<?, ?> map, String path) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys = Arrays.stream(components).map(RecordReader::key).toList();
    for (Object key : map.keySet()) {
      if (!keys.contains(String.valueOf(key))) {
        throw unknownKey(path, String.valueOf(key), keys);
      }
    }
    List<Object> arguments = new ArrayList<>();
    for (RecordComponent component : components) {
      String key = key(component);
      Object value = map.get(key);
      if (value == null) {
        throw Refusal.ofUsage(
            "the key '" + path + key + "' in " + source, "none", "Add it, or set it with --set.");
      }
      arguments.add(convert(component.getType(), value, path + key));
    }
    return construct(type, components, arguments, path);
  }

  private <T extends Record> T construct(
      Class<T> type, RecordComponent[] components, List<Object> arguments, String path) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Refusal refusal) {
        throw refusal;
      }
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw Refusal.ofUsage(
            "values that can be in " + source,
            (path.isEmpty() ? "" : "under " + path + " ")
                + "one that cannot: "
                + cause.getMessage(),
            "Change it.");
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @SuppressWarnings("unchecked")
  private Object convert(Class<?> type, Object value, String path) {
    if (Record.class.isAssignableFrom(type) && value instanceof Map<?, ?> map) {
      return read((Class<? extends Record>) type, map, path + ".");
    }
    @Nullable Object converted = null;
    if (type == String.class && value instanceof String) {
      converted = value;
    } else if (type == boolean.class && value instanceof Boolean) {
      converted = value;
    } else if (type == double.class && value instanceof Number number) {
      converted = number.doubleValue();
    } else if (type == long.class && value instanceof Integer number) {
      converted = number.longValue();
    } else if ((type == int.class || type == long.class) && isOf(type, value)) {
      converted = value;
    } else if (type.isEnum()) {
      converted =
          Arrays.stream(type.getEnumConstants())
              .filter(c -> word(c).equals(value))
              .findFirst()
              .orElse(null);
    }
    if (converted == null) {
      throw Refusal.ofUsage(
          expected(type) + " for '" + path + "' in " + source, "'" + value + "'", "Change it.");
    }
    return converted;
  }

  private static boolean isOf(Class<?> type, Object value) {
    return type == int.class ? value instanceof Integer : value instanceof Long;
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(RecordReader::word)
          .collect(Collectors.joining(" or "));
    }
    if (Record.class.isAssignableFrom(type)) {
      return "keys and values";
    }
    return switch (type.getName()) {
      case "int", "long" -> "a whole number";
      case "double" -> "a number";
      case "boolean" -> "true or false";
      default -> "a text";
    };
  }

  private Refusal unknownKey(String path, String key, List<String> known) {
    String nearest =
        known.stream()
            .max(Comparator.comparing(name -> new JaroWinklerSimilarity().apply(name, key)))
            .orElseThrow();
    return Refusal.ofUsage(
        "keys that a recipe has in " + source,
        "'" + path + key + "'",
        "The nearest known one is '%s%s'.".formatted(path, nearest));
  }

  private static String key(RecordComponent component) {
    return component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
