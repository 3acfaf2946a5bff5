package dev.cxr.train.listing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A JSON file that a command wrote, or a YAML file as JSON. A key that is missing or of another
 * type is a {@link UserErrorException}.
 */
record ResultFile(Path file, JsonObject root) {

  private static final long MAX_BYTES = 64 << 20;

  static ResultFile read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw invalid(file, "no file, or more than 64 MiB");
    }
    try {
      return new ResultFile(file, JsonParser.parseString(Files.readString(file)).getAsJsonObject());
    } catch (JsonParseException | IllegalStateException e) {
      throw invalid(file, String.valueOf(e.getMessage()));
    }
  }

  void requireVersion(int version) {
    long found = number(root, "schemaVersion");
    if (found != version) {
      throw UserErrorException.of(
          "schema version %d in %s".formatted(version, file),
          "version " + found,
          "Use the version of cxr that wrote it.");
    }
  }

  JsonObject object(JsonObject parent, String key) {
    if (parent.get(key) instanceof JsonObject object) {
      return object;
    }
    throw missing(key);
  }

  List<JsonObject> objects(JsonObject parent, String key) {
    if (parent.get(key) instanceof JsonArray array
        && array.asList().stream().allMatch(JsonElement::isJsonObject)) {
      return array.asList().stream().map(JsonElement::getAsJsonObject).toList();
    }
    throw missing(key);
  }

  String text(JsonObject parent, String key) {
    if (parent.get(key) instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw missing(key);
  }

  long number(JsonObject parent, String key) {
    if (parent.get(key) instanceof JsonPrimitive number && number.isNumber()) {
      return number.getAsLong();
    }
    throw missing(key);
  }

  private UserErrorException missing(String key) {
    return invalid(file, "no '%s' of the right type".formatted(key));
  }

  private static UserErrorException invalid(Path file, String problem) {
    return UserErrorException.of(
        "%s as the command wrote it".formatted(file), problem, "Run the command again.");
  }
}
