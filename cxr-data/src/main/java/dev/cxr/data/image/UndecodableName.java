package dev.cxr.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file name whose bytes are no text in the locale of this process, so that as text it contains
 * U+FFFD and names no file.
 *
 * @param text the name in ASCII, each other byte as {@code \xFC}
 * @param isUtf8 whether the bytes are UTF-8, which another locale reads
 */
public record UndecodableName(String text, boolean isUtf8) {

  /**
   * {@return the name of a file or folder if it is undecodable}
   *
   * @param path any path; only its last name is checked
   */
  public static Optional<UndecodableName> of(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.indexOf('\uFFFD') < 0) {
      return Optional.empty();
    }
    byte[] bytes = bytes(path);
    Optional<String> utf8 = decode(bytes);
    return utf8.equals(Optional.of(name)) // a file can be named so
        ? Optional.empty()
        : Optional.of(new UndecodableName(escape(bytes), utf8.isPresent()));
  }

  /** {@return what is wrong and what to do} */
  public String problem() {
    return "its name is no text in this locale; rename it"
        + (isUtf8 ? ", or start with LC_ALL=C.UTF-8" : "");
  }

  /** The bytes of the last name: only the URI of a path shows them. */
  private static byte[] bytes(Path path) {
    String raw = path.toUri().getRawPath().replaceFirst("/$", "");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = raw.lastIndexOf('/') + 1; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(HexFormat.fromHexDigits(raw, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    return bytes.toByteArray();
  }

  private static Optional<String> decode(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      text.append(b >= ' ' && b < 0x7F ? String.valueOf((char) b) : "\\x%02X".formatted(b));
    }
    return text.toString();
  }
}
