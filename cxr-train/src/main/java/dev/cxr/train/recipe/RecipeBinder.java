package dev.cxr.train.recipe;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Range;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.models.architecture.Freezing;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.jspecify.annotations.Nullable;

/**
 * Makes a record of a map with the same keys, strictly: an unknown, missing or ill-typed key is
 * refused by its full name. A component {@code batchSize} is the key {@code batch-size}.
 *
 * <p>Keys may be absent where {@link Default} says what that means, which is then added to the map;
 * and in an {@link Augmentation}, where a kind that is not named changes nothing. A {@link Range}
 * is a list of two numbers, an empty {@link Optional} the word {@code none}.
 */
final class RecipeBinder {

  /** The records whose keys may be absent, each with what an absent key means. */
  private static final Map<Class<?>, Record> WHEN_ABSENT =
      Map.of(Augmentation.class, Augmentation.NONE);

  private static final String NONE = "none";

  private final String source;

  /** For messages: where the map comes from. */
  RecipeBinder(String source) {
    this.source = source;
  }

  /** Makes the record, and adds to the map what its absent keys mean. */
  <T extends Record> T read(Class<T> type, Map<String, Object> map) {
    return read(type, map, "");
  }

  private <T extends Record> T read(Class<T> type, Map<String, Object> map, String path) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys = Arrays.stream(components).map(RecipeBinder::key).toList();
    for (Object key : map.keySet()) {
      if (!keys.contains(String.valueOf(key))) {
        throw unknownKey(path, String.valueOf(key), keys);
      }
    }
    @Nullable Record usual = WHEN_ABSENT.get(type);
    List<Object> arguments = new ArrayList<>();
    for (RecordComponent component : components) {
      String key = key(component);
      addUsual(map, key, component);
      Object value = map.get(key);
      if (value != null) {
        arguments.add(convert(component.getGenericType(), value, path + key));
      } else if (usual != null && !map.containsKey(key)) {
        arguments.add(value(component, usual));
      } else {
        throw UserErrorException.ofUsage(
            "the key '" + path + key + "' in " + source, "none", "Add it, or set it with --set.");
      }
    }
    return construct(type, components, arguments, path);
  }

  private static void addUsual(Map<String, Object> map, String key, RecordComponent component) {
    Default usually = component.getAnnotation(Default.class);
    if (usually != null && !map.containsKey(key)) {
      map.put(key, Recipes.parseYaml(usually.value(), key));
    }
  }

  private <T extends Record> T construct(
      Class<T> type, RecordComponent[] components, List<Object> arguments, String path) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof UserErrorException refusal) {
        throw refusal;
      }
      if (e.getCause() instanceof IllegalArgumentException cause) {
        throw UserErrorException.ofUsage(
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

  private Object convert(Type generic, Object value, String path) {
    return convert(generic, value, path, "");
  }

  /** With the start of a phrase about what else could stand there. */
  private Object convert(Type generic, Object value, String path, String orElse) {
    Class<?> type = raw(generic);
    if (generic instanceof ParameterizedType of) {
      Type[] arguments = of.getActualTypeArguments();
      if (type == Optional.class) {
        return value.equals(NONE)
            ? Optional.empty()
            : Optional.of(convert(arguments[0], value, path, NONE + " or "));
      }
      if (type == Map.class && value instanceof Map<?, ?> entries) {
        return convertMap(arguments, entries, path);
      }
      if (type == List.class && value instanceof List<?> list) {
        return list.stream().map(each -> convert(arguments[0], orNull(each), path)).toList();
      }
    }
    Class<?> keyed = isChoice(type) ? permitted(type, Class::isRecord) : type;
    if (isKeysAndValues(keyed) && value instanceof Map<?, ?>) {
      return read(keyed.asSubclass(Record.class), keysAndValues(value), path + ".");
    }
    @Nullable Object converted = null;
    if (type == Range.class && value instanceof List<?> list && isTwoNumbers(list)) {
      List<Object> ends = List.of(number(list.get(0)), number(list.get(1)));
      converted = construct(Range.class, Range.class.getRecordComponents(), ends, path);
    } else if (type == String.class && value instanceof String) {
      converted = value;
    } else if (type == Freezing.class && isWord(value)) {
      converted = Freezing.parse(String.valueOf(value));
    } else if (type == ThresholdRule.class && value instanceof String text) {
      converted = rule(text);
    } else if (type == boolean.class && value instanceof Boolean) {
      converted = value;
    } else if ((type == double.class || type == Double.class) && value instanceof Number) {
      converted = number(value);
    } else if (type == long.class && value instanceof Integer number) {
      converted = number.longValue();
    } else if ((type == int.class || type == long.class) && isOf(type, value)) {
      converted = value;
    } else {
      converted =
          constants(type).stream().filter(c -> word(c).equals(value)).findFirst().orElse(null);
    }
    if (converted == null) {
      throw UserErrorException.ofUsage(
          orElse + expected(type) + " for '" + path + "' in " + source,
          "'" + value + "'",
          "Change it.");
    }
    return converted;
  }

  private static @Nullable ThresholdRule rule(String text) {
    try {
      return ThresholdRule.parse(text);
    } catch (IllegalArgumentException e) {
      return null; // refused with all that is expected
    }
  }

  /** Whether it is what YAML makes of one word or number. */
  private static boolean isWord(Object value) {
    return value instanceof String || value instanceof Integer;
  }

  /** What YAML calls null is no value of any type. */
  private static Object orNull(@Nullable Object value) {
    return value == null ? "null" : value;
  }

  /** Every map of a recipe is a copy with texts as keys. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> keysAndValues(Object map) {
    return (Map<String, Object>) map;
  }

  private Map<Object, Object> convertMap(Type[] keyAndValue, Map<?, ?> entries, String path) {
    Map<Object, Object> converted = new LinkedHashMap<>();
    entries.forEach(
        (key, value) ->
            converted.put(
                convert(keyAndValue[0], key, path),
                convert(keyAndValue[1], orNull(value), path + "." + key)));
    return converted;
  }

  /** Whether a type is a choice between the words of an enum and the keys of a record. */
  private static boolean isChoice(Class<?> type) {
    return type.isInterface()
        && type.isSealed()
        && type != Freezing.class
        && type != ThresholdRule.class;
  }

  private static Class<?> permitted(Class<?> choice, Predicate<Class<?>> kind) {
    return Arrays.stream(choice.getPermittedSubclasses()).filter(kind).findFirst().orElseThrow();
  }

  /** The words that can stand for a value of this type; none if it is not of words. */
  private static List<?> constants(Class<?> type) {
    Class<?> words = isChoice(type) ? permitted(type, Class::isEnum) : type;
    return words.isEnum() ? List.of(words.getEnumConstants()) : List.of();
  }

  private static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType map ? map.getRawType() : type);
  }

  private static boolean isKeysAndValues(Class<?> type) {
    return Record.class.isAssignableFrom(type) && type != Range.class;
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
    String words =
        constants(type).stream().map(RecipeBinder::word).collect(Collectors.joining(" or "));
    if (!words.isEmpty()) {
      return isChoice(type) ? words + " or keys and values" : words;
    }
    if (type == Range.class) {
      return "two numbers such as [0.9, 1.1]";
    }
    if (type == Freezing.class) {
      return "none, backbone, or a number of stages";
    }
    if (type == ThresholdRule.class) {
      return ThresholdRule.VALID_FORMS;
    }
    if (type == List.class) {
      return "a list";
    }
    if (isKeysAndValues(type) || type == Map.class) {
      return "keys and values";
    }
    return switch (type.getName()) {
      case "int", "long" -> "a whole number";
      case "double", "java.lang.Double" -> "a number";
      case "boolean" -> "true or false";
      default -> "a text";
    };
  }

  private UserErrorException unknownKey(String path, String key, List<String> known) {
    String nearest =
        known.stream()
            .max(Comparator.comparing(name -> new JaroWinklerSimilarity().apply(name, key)))
            .orElseThrow();
    return UserErrorException.ofUsage(
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
