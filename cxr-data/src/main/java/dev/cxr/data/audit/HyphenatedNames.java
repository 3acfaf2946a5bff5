package dev.cxr.data.audit;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import java.lang.reflect.Type;
import java.util.Locale;

/** Writes a constant as {@code label-conflict}. */
final class HyphenatedNames implements JsonSerializer<Enum<?>> {

  @Override
  public JsonElement serialize(Enum<?> constant, Type type, JsonSerializationContext context) {
    return new JsonPrimitive(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
