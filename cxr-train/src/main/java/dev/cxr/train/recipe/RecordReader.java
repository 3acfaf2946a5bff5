package dev.cxr.train.recipe;

import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Range;
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
 *
 * <p>Only of an {@link Augmentation} may keys be absent: a kind that is not named changes nothing.
 * A {@link Range} is a list of two numbers.
 */
final class RecordReader {

  /** The records whose keys may be absent, each with what an absent key means. */
  private static final Map<Class<?>, Record> WHEN_ABSENT =
      Map.of(Augmentation.class, Augmentation.NONE);

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
    @Nullable Record usual = WHEN_ABSENT.get(type);
    List<Object> arguments = new ArrayList<>();
    for (RecordComponent component : components) {
      String key = key(component);
      Object value = map.get(key);
      if (value != null) {
        arguments.add(convert(component.getType(), value, path + key));
      } else if (usual != null && !map.containsKey(key)) {
        arguments.add(value(component, usual));
      } else {
        throw Refusal.ofUsage(
            "the key '" + path + key + "' in " + source, "none", "Add it, or set it with --set.");
      }
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
    if (type != Range.class
        && Record.class.isAssignableFrom(type)
        && value instanceof Map<?, ?> map) {
      return read((Class<? extends Record>) type, map, path + ".");
    }
    @Nullable Object converted = null;
    if (type == Range.class && value instanceof List<?> list && isTwoNumbers(list)) {
      List<Object> ends = List.of(number(list.get(0)), number(list.get(1)));
      converted = construct(Range.class, Range.class.getRecordComponents(), ends, path);
    } else if (type == String.class && value instanceof String) {
      converted = value;
    } else if (type == boolean.class && value instanceof Boolean) {
      converted = value;
    } else if (type == double.class && value instanceof Number number) {
      converted = number(number);
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

  private static boolean isTwoNumbers(List<?> list) {
    return list.size() == 2 && list.stream().allMatch(Number.class::isInstance);
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  private static Object value(RecordComponent component, Record of) {
    try {
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
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
    if (type == Range.class) {
      return "two numbers such as [0.9, 1.1]";
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
