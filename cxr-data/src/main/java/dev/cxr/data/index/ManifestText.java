package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The text of a CSV manifest, as RFC 4180 or as spreadsheets write it.
 *
 * @param text without byte order mark
 * @param delimiter between fields: what a first line such as {@code sep=;} says; else the comma, or
 *     if the header has none the semicolon or the tab
 * @param notices in what it differs from UTF-8 with commas
 */
record ManifestText(String text, char delimiter, List<String> notices) {

  /** A first line such as {@code sep=;}. */
  private static final Pattern SPREADSHEET_DELIMITER = Pattern.compile("(?i:sep)=[,;\\t|]");

  /**
   * Reads a manifest in UTF-8, or in UTF-16 with a byte order mark.
   *
   * @throws UserErrorException if it has another encoding
   */
  static ManifestText read(Path manifest) throws IOException {
    List<String> notices = new ArrayList<>();
    String text = decode(manifest, notices);
    String header = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    char delimiter = ',';
    if (SPREADSHEET_DELIMITER.matcher(header).matches()) {
      delimiter = header.charAt(header.length() - 1);
      text = text.replaceFirst(Pattern.quote(header), ""); // an empty line, so that numbers stay
      notices.add("The manifest names its delimiter: %s.".formatted(header));
    } else if (header.indexOf(',') < 0 && header.indexOf(';') >= 0) {
      delimiter = ';';
      notices.add("The fields of the manifest are separated by semicolons.");
    } else if (header.indexOf(',') < 0 && header.indexOf('\t') >= 0) {
      delimiter = '\t';
      notices.add("The fields of the manifest are separated by tabs.");
    }
    return new ManifestText(text, delimiter, notices);
  }

  private static String decode(Path manifest, List<String> notices) throws IOException {
    byte[] bytes = Files.readAllBytes(manifest);
    Charset charset = hasUtf16Mark(bytes) ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    if (charset.equals(StandardCharsets.UTF_8) && hasNullByte(bytes)) {
      throw invalidEncoding("null bytes, as in UTF-16 without a byte order mark,", manifest);
    }
    String text;
    try {
      text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw invalidEncoding("text that is not " + charset, manifest);
    }
    if (charset.equals(StandardCharsets.UTF_16)) {
      notices.add("The manifest is encoded in UTF-16.");
    }
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static boolean hasUtf16Mark(byte[] bytes) {
    return bytes.length >= 2
        && ((bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF)
            || (bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE));
  }

  private static boolean hasNullByte(byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        return true;
      }
    }
    return false;
  }

  private static UserErrorException invalidEncoding(String found, Path manifest) {
    return UserErrorException.of(
        "a CSV manifest in UTF-8",
        "%s in %s".formatted(found, manifest),
        "Save the file as CSV in UTF-8.");
  }
}
