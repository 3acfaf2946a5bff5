package dev.cxr.train.recipe;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Range;
import dev.cxr.data.dataset.Sampling;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.models.architecture.Freezing;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.jspecify.annotations.Nullable;

/**
 * Binds YAML to a {@link Recipe} with Jackson, strictly: every unknown, missing or invalid key is
 * reported by its full name.
 *
 * <p>A component {@code batchSize} is the key {@code batch-size}. Absent keys have the value of
 * {@link Default}; kinds that an {@link Augmentation} does not name change nothing. A {@link Range}
 * is a list of two numbers, an empty {@link Optional} the word {@code none}.
 */
final class RecipeBinder {

  private static final String NONE = "none";
  private static final TypeReference<Map<String, Object>> KEYS_AND_VALUES =
      new TypeReference<>() {};

  /** What is valid for a type, except for enums, records, lists and maps. */
  private static final Map<Class<?>, String> VALID_FORMS =
      Map.ofEntries(
          Map.entry(int.class, "a whole number"),
          Map.entry(long.class, "a whole number"),
          Map.entry(double.class, "a number"),
          Map.entry(Double.class, "a number"),
          Map.entry(boolean.class, "true or false"),
          Map.entry(Range.class, "two numbers such as [0.9, 1.1]"),
          Map.entry(Task.class, "binary, subtype, three-class or anomaly"),
          Map.entry(ClassNames.class, ClassNames.VALID_FORMS),
          Map.entry(Freezing.class, "none, backbone, or a number of stages"),
          Map.entry(WarmUp.class, WarmUp.VALID_FORMS),
          Map.entry(ThresholdRule.class, ThresholdRule.VALID_FORMS));

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(new KebabCaseEnums())
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .defaultSetterInfo(JsonSetter.Value.construct(Nulls.FAIL, Nulls.FAIL))
          .addMixIn(Range.class, AsArray.class)
          .addModule(
              new SimpleModule()
                  .addDeserializer(Optional.class, new OptionalDeserializer(null))
                  .addDeserializer(WarmUp.class, new ParsedText<>(WarmUp.class, WarmUp::new))
                  .addDeserializer(
                      Freezing.class, new ParsedText<>(Freezing.class, Freezing::parse))
                  .addDeserializer(Task.class, new ParsedText<>(Task.class, Task::forName))
                  .addKeyDeserializer(Finding.class, new FindingKey())
                  .addDeserializer(
                      ClassNames.class, new ParsedText<>(ClassNames.class, ClassNames::parse))
                  .addDeserializer(
                      ThresholdRule.class,
                      new ParsedText<>(ThresholdRule.class, ThresholdRule::parse))
                  .addDeserializer(Sampling.class, new SamplingDeserializer()))
          .build();

  private static final Map<String, Object> NO_AUGMENTATION =
      MAPPER.convertValue(Augmentation.NONE, KEYS_AND_VALUES);

  private final String source;

  /** Binds YAML from a source, which messages name. */
  RecipeBinder(String source) {
    this.source = source;
  }

  /** Adds the defaults of absent keys to the map and binds it. */
  Recipe bind(Map<String, Object> map) {
    RecipeDefaults.complete(map);
    Map<String, Object> complete = new LinkedHashMap<>(map);
    if (map.get("augmentation") instanceof Map<?, ?> given) {
      Map<Object, Object> augmentation = new LinkedHashMap<>(NO_AUGMENTATION);
      augmentation.putAll(given);
      complete.put("augmentation", augmentation);
    }
    try {
      return MAPPER.convertValue(complete, Recipe.class);
    } catch (IllegalArgumentException e) {
      throw e.getCause() instanceof JsonMappingException mapping ? explain(mapping, map) : e;
    }
  }

  private UserErrorException explain(JsonMappingException error, Map<String, Object> map) {
    String key =
        error.getPath().stream()
            .map(JsonMappingException.Reference::getFieldName)
            .filter(name -> name != null)
            .collect(Collectors.joining("."));
    if (error instanceof UnrecognizedPropertyException unknown) {
      String nearest =
          unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .max(
                  Comparator.comparing(
                      name -> new JaroWinklerSimilarity().apply(name, unknown.getPropertyName())))
              .orElseThrow();
      return UsageErrorException.of(
          "the keys of a recipe in " + source,
          "'" + key + "'",
          "The nearest key is '%s%s'."
              .formatted(key.substring(0, key.lastIndexOf('.') + 1), nearest));
    }
    Object value = map;
    Class<?> type =
        error instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : Map.class;
    for (JsonMappingException.Reference step : error.getPath()) {
      String name = step.getFieldName();
      if (value instanceof List<?> list && name == null) {
        value = list.get(step.getIndex());
      } else if (value instanceof List) {
        key = key.substring(0, key.lastIndexOf('.')); // an end of a range, which has no key
      } else if (value instanceof Map<?, ?> parent && !parent.containsKey(name)) {
        return UsageErrorException.of(
            "the key '%s' in %s".formatted(key, source), "none", "Add it, or set it with --set.");
      } else if (value instanceof Map<?, ?> parent) {
        value = parent.get(name);
      }
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserErrorException explained) {
        return explained;
      }
      if (cause instanceof IllegalArgumentException invalid) {
        return UsageErrorException.of(
            "valid values in " + source,
            (key.isEmpty() ? "" : "under " + key + ". ") + invalid.getMessage(),
            "Correct the value.");
      }
    }
    if (value instanceof Map && error instanceof InvalidFormatException format) {
      value = format.getValue(); // a key of a map
    }
    if (value instanceof List && type == double.class) {
      type = Range.class;
    }
    String orNone = error.getOriginalMessage().equals(NONE) ? NONE + " or " : "";
    return UsageErrorException.of(
        "%s%s for '%s' in %s".formatted(orNone, expected(type), key, source),
        "'" + value + "'",
        "Correct the value.");
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
              .map(constant -> kebabCase((Enum<?>) constant))
              .collect(Collectors.joining(" or "))
          + (type == Sampling.EveryImage.class ? " or keys and values" : "");
    }
    String byDefault =
        type.isRecord() || Map.class.isAssignableFrom(type)
            ? "keys and values"
            : List.class.isAssignableFrom(type) ? "a list" : "a text";
    return VALID_FORMS.getOrDefault(type, byDefault);
  }

  private static String kebabCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code [from, to]}. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  private interface AsArray {}

  /** Reads a word or a number. */
  private static final class ParsedText<T> extends JsonDeserializer<T> {

    private final Class<T> type;
    private final Function<String, T> parse;

    ParsedText(Class<T> type, Function<String, T> parse) {
      this.type = type;
      this.parse = parse;
    }

    @Override
    public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
      try {
        if (in.currentToken().isScalarValue()) {
          return parse.apply(in.getText());
        }
      } catch (IllegalArgumentException e) {
        throw context.weirdStringException(in.getText(), type, "no valid form");
      }
      throw MismatchedInputException.from(in, type, "no word or number");
    }
  }

  /** Such as {@code viral-pneumonia}. */
  private static final class FindingKey extends KeyDeserializer {
    @Override
    public Object deserializeKey(String key, DeserializationContext context) {
      return ClassNames.BUILT_IN.finding(key).orElseGet(() -> new Finding(key));
    }
  }

  private static final class SamplingDeserializer extends JsonDeserializer<Sampling> {
    @Override
    public Sampling deserialize(JsonParser in, DeserializationContext context) throws IOException {
      return in.currentToken() == JsonToken.START_OBJECT
          ? context.readValue(in, Sampling.FindingShares.class)
          : context.readValue(in, Sampling.EveryImage.class);
    }
  }

  @SuppressWarnings("rawtypes") // Jackson registers it for the raw class
  private static final class OptionalDeserializer extends JsonDeserializer<Optional>
      implements ContextualDeserializer {

    private final @Nullable JavaType content;

    OptionalDeserializer(@Nullable JavaType content) {
      this.content = content;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, BeanProperty property) {
      return new OptionalDeserializer(property.getType().containedType(0));
    }

    @Override
    public Optional<?> deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      if (in.currentToken() == JsonToken.VALUE_STRING && in.getText().equals(NONE)) {
        return Optional.empty();
      }
      try {
        return Optional.of(context.readValue(in, content));
      } catch (MismatchedInputException e) {
        throw e.getPath().isEmpty()
            ? MismatchedInputException.from(in, e.getTargetType(), NONE)
            : e;
      }
    }
  }

  private static final class KebabCaseEnums extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1;

    @Override
    public String[] findEnumValues(
        MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
      return Arrays.stream(constants).map(RecipeBinder::kebabCase).toArray(String[]::new);
    }
  }
}
