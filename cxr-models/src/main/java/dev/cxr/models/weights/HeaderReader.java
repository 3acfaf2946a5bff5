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

/** Reads a safetensors header: strict JSON, nothing twice and nothing unknown. */
final class HeaderReader {

  private static final String METADATA = "__metadata__";
  private static final int MOST_DIMENSIONS = 8;
  private static final int LONGEST_NAME = 256;

  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();
  private final JsonReader json;
  private @Nullable Map<String, String> metadata;

  private HeaderReader(JsonReader json) {
    this.json = json;
    json.setStrictness(Strictness.STRICT);
  }

  static Header read(byte[] header) throws MalformedHeaderException {
    if (header.length == 0 || header[0] != '{') {
      throw new MalformedHeaderException("a header that begins with '{'", "another beginning");
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(header);
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return new HeaderReader(new JsonReader(new StringReader(text))).read();
    } catch (IOException e) {
      throw new MalformedHeaderException("a header of strict JSON in UTF-8", e.toString());
    }
  }

  private Header read() throws IOException, MalformedHeaderException {
    json.beginObject();
    while (json.hasNext()) {
      String name = printable(json.nextName());
      if (name.equals(METADATA)) {
        requireFirst(metadata, METADATA);
        metadata = readMetadata();
      } else {
        requireFirst(tensors.put(name, readTensor(name)), "tensor '" + name + "'");
      }
    }
    json.endObject();
    require(JsonToken.END_DOCUMENT, "nothing behind the header's JSON");
    return new Header(metadata == null ? Map.of() : metadata, tensors);
  }

  private Map<String, String> readMetadata() throws IOException, MalformedHeaderException {
    Map<String, String> read = new LinkedHashMap<>();
    require(JsonToken.BEGIN_OBJECT, "an object as " + METADATA);
    json.beginObject();
    while (json.hasNext()) {
      String key = printable(json.nextName());
      String what = "'%s' of %s".formatted(key, METADATA);
      require(JsonToken.STRING, "text as " + what);
      requireFirst(read.put(key, json.nextString()), what);
    }
    json.endObject();
    return read;
  }

  private StoredTensor readTensor(String name) throws IOException, MalformedHeaderException {
    String of = " of tensor '" + name + "'";
    ElementType type = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    require(JsonToken.BEGIN_OBJECT, "an object as tensor '" + name + "'");
    json.beginObject();
    while (json.hasNext()) {
      String field = printable(json.nextName());
      switch (field) {
        case "dtype" -> {
          requireFirst(type, field + of);
          type = readType(of);
        }
        case "shape" -> {
          requireFirst(shape, field + of);
          shape = readNumbers(field + of, MOST_DIMENSIONS);
        }
        case "data_offsets" -> {
          requireFirst(offsets, field + of);
          offsets = readNumbers(field + of, 2);
        }
        default ->
            throw new MalformedHeaderException(
                "dtype, shape and data_offsets" + of, "'" + field + "'");
      }
    }
    json.endObject();
    if (type == null || shape == null || offsets == null || offsets.size() != 2) {
      throw new MalformedHeaderException("a dtype, a shape and two data_offsets" + of, "fewer");
    }
    StoredTensor tensor = new StoredTensor(name, type, shape, offsets.get(0), offsets.get(1));
    tensor.requireItsLength();
    return tensor;
  }

  private ElementType readType(String of) throws IOException, MalformedHeaderException {
    require(JsonToken.STRING, "text as dtype" + of);
    String found = printable(json.nextString());
    return ElementType.named(found)
        .orElseThrow(() -> new MalformedHeaderException("a known dtype" + of, "'" + found + "'"));
  }

  private List<Long> readNumbers(String what, int most)
      throws IOException, MalformedHeaderException {
    List<Long> numbers = new ArrayList<>();
    require(JsonToken.BEGIN_ARRAY, "an array as " + what);
    json.beginArray();
    while (json.hasNext()) {
      require(JsonToken.NUMBER, "whole numbers as " + what);
      String number = json.nextString();
      if (!number.matches("[0-9]{1,18}")) {
        throw new MalformedHeaderException("whole numbers as " + what, number);
      }
      numbers.add(Long.parseLong(number));
      if (numbers.size() > most) {
        throw new MalformedHeaderException(
            "at most %d numbers as %s".formatted(most, what), "more");
      }
    }
    json.endArray();
    return numbers;
  }

  private void require(JsonToken expected, String what)
      throws IOException, MalformedHeaderException {
    JsonToken found = json.peek();
    if (found != expected) {
      throw new MalformedHeaderException(what, found.toString());
    }
  }

  /** Names end up in messages. */
  private static String printable(String name) throws MalformedHeaderException {
    if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedHeaderException(
          "printable names of at most %d characters".formatted(LONGEST_NAME), "another");
    }
    return name;
  }

  private static void requireFirst(@Nullable Object previous, String what)
      throws MalformedHeaderException {
    if (previous != null) {
      throw new MalformedHeaderException(what + " once", "it twice");
    }
  }
}
