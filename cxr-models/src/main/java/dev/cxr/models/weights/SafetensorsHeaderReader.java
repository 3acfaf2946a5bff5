package dev.cxr.models.weights;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a safetensors header: strict JSON without duplicate or unknown keys. */
final class SafetensorsHeaderReader {

  private static final String METADATA = "__metadata__";
  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_NAME_LENGTH = 256;

  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
  private final JsonReader json;
  private @Nullable Map<String, String> metadata;

  private SafetensorsHeaderReader(JsonReader json) {
    this.json = json;
    json.setStrictness(Strictness.STRICT);
  }

  static SafetensorsHeader read(byte[] header) throws MalformedHeaderException {
    if (header.length == 0 || header[0] != '{') {
      throw new MalformedHeaderException("a header that begins with '{'", "another beginning");
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(header);
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return new SafetensorsHeaderReader(new JsonReader(new StringReader(text))).read();
    } catch (IOException e) {
      throw new MalformedHeaderException("a header of strict JSON in UTF-8", e.toString());
    }
  }

  private SafetensorsHeader read() throws IOException, MalformedHeaderException {
    json.beginObject();
    while (json.hasNext()) {
      String name = requirePrintable(json.nextName());
      if (name.equals(METADATA)) {
        requireUnique(metadata, METADATA);
        metadata = readMetadata();
      } else {
        requireUnique(tensors.put(name, readTensor(name)), "tensor '" + name + "'");
      }
    }
    json.endObject();
    requireToken(JsonToken.END_DOCUMENT, "nothing behind the header's JSON");
    return new SafetensorsHeader(metadata == null ? Map.of() : metadata, tensors);
  }

  private Map<String, String> readMetadata() throws IOException, MalformedHeaderException {
    Map<String, String> read = new LinkedHashMap<>();
    requireToken(JsonToken.BEGIN_OBJECT, "an object as " + METADATA);
    json.beginObject();
    while (json.hasNext()) {
      String key = requirePrintable(json.nextName());
      String what = "'%s' of %s".formatted(key, METADATA);
      requireToken(JsonToken.STRING, "text as " + what);
      requireUnique(read.put(key, json.nextString()), what);
    }
    json.endObject();
    return read;
  }

  private TensorInfo readTensor(String name) throws IOException, MalformedHeaderException {
    String where = " of tensor '" + name + "'";
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    requireToken(JsonToken.BEGIN_OBJECT, "an object as tensor '" + name + "'");
    json.beginObject();
    while (json.hasNext()) {
      String field = requirePrintable(json.nextName());
      switch (field) {
        case "dtype" -> {
          requireUnique(type, field + where);
          type = readType(where);
        }
        case "shape" -> {
          requireUnique(shape, field + where);
          shape = readNumbers(field + where, MAX_DIMENSIONS);
        }
        case "data_offsets" -> {
          requireUnique(offsets, field + where);
          offsets = readNumbers(field + where, 2);
        }
        default ->
            throw new MalformedHeaderException(
                "dtype, shape and data_offsets" + where, "'" + field + "'");
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new MalformedHeaderException("a dtype, a shape and two data_offsets" + where, "fewer");
    }
    TensorInfo tensor = new TensorInfo(name, type, shape, offsets.get(0), offsets.get(1));
    tensor.requireMatchingLength();
    return tensor;
  }

  private ElementType readType(String where) throws IOException, MalformedHeaderException {
    requireToken(JsonToken.STRING, "text as dtype" + where);
    String found = requirePrintable(json.nextString());
    return ElementType.forName(found)
        .orElseThrow(
            () -> new MalformedHeaderException("a known dtype" + where, "'" + found + "'"));
  }

  private List<Long> readNumbers(String what, int max)
      throws IOException, MalformedHeaderException {
    List<Long> numbers = new ArrayList<>();
    requireToken(JsonToken.BEGIN_ARRAY, "an array as " + what);
    json.beginArray();
    while (json.hasNext()) {
      requireToken(JsonToken.NUMBER, "whole numbers as " + what);
      String number = json.nextString();
      if (!number.matches("[0-9]{1,18}")) {
        throw new MalformedHeaderException("whole numbers as " + what, number);
      }
      numbers.add(Long.parseLong(number));
      if (numbers.size() > max) {
        throw new MalformedHeaderException("at most %d numbers as %s".formatted(max, what), "more");
      }
    }
    json.endArray();
    return numbers;
  }

  private void requireToken(JsonToken expected, String what)
      throws IOException, MalformedHeaderException {
    JsonToken found = json.peek();
    if (found != expected) {
      throw new MalformedHeaderException(what, found.toString());
    }
  }

  /** Names are printed in messages. */
  private static String requirePrintable(String name) throws MalformedHeaderException {
    if (name.length() > MAX_NAME_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedHeaderException(
          "printable names of at most %d characters".formatted(MAX_NAME_LENGTH), "another");
    }
    return name;
  }

  private static void requireUnique(@Nullable Object previous, String what)
      throws MalformedHeaderException {
    if (previous != null) {
      throw new MalformedHeaderException(what + " once", "it twice");
    }
  }
}
