package dev.cxr.serve.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Recognises what clients send by mistake instead of the bytes of an image file. */
final class NonImageBody {

  private static final int INSPECTED_CHARS = 4096;

  /** A shorter binary file may lack line breaks and null bytes by chance. */
  private static final int MIN_STRIPPED_BYTES = 512;

  private static final String SEND_FILE =
      "Send the image file itself, in curl with -T IMAGE.png -X POST or -F data=@IMAGE.png.";
  private static final String NO_BASE64 = "Images in base64 are not decoded. " + SEND_FILE;

  /** Kinds by the first characters of the body, each byte a character. The first match counts. */
  private enum Kind {
    JSON("\\s*+[{\\[\"].*", "JSON", NO_BASE64),
    DATA_URL("\\s*+(?i:data:).*", "a data URL", NO_BASE64),
    URL("\\s*+(?i:https?|file|ftp|s3)://.*", "a URL", "The server opens no URL. " + SEND_FILE),
    BASE64("[A-Za-z0-9+/=_\\-\\r\\n]{64,}+", "base64 text", NO_BASE64),
    MULTIPART(
        "(\\r\\n)?--.*(?i:content-disposition).*",
        "a multipart form without its boundary in Content-Type",
        "Do not set Content-Type yourself: the client adds it with the boundary."),
    FORM("[\\w.%-]+=[\\x20-\\x7E]*+", "a URL-encoded form", SEND_FILE),
    GZIP(
        "\\x1F\\x8B.*",
        "gzip",
        "Add the header Content-Encoding: gzip and compress only once, or send the file itself."),
    ZIP("PK\\x03\\x04.*", "a ZIP archive", "Unpack it and send one image per request."),
    /** U+FFFD early in the file, or the signatures of PNG and JPEG from Latin-1 to UTF-8. */
    CONVERTED_TO_TEXT(
        ".{0,15}\\xEF\\xBF\\xBD.*|\\xC2\\x89PNG.*|\\xC3\\xBF\\xC3\\x98.*",
        "a file that was converted to text, which changed its bytes",
        "Read the file in binary mode and send the bytes unchanged."),
    TEXT("[\\x09-\\x0D\\x20-\\x7E]++", "text", SEND_FILE);

    private final Pattern start;
    private final String found;
    private final String remedy;

    Kind(String start, String found, String remedy) {
      this.start = Pattern.compile(start, Pattern.DOTALL);
      this.found = found;
      this.remedy = remedy;
    }
  }

  private NonImageBody() {}

  /**
   * Describes a body that could not be decoded as an image.
   *
   * @return the message for the client; empty if the body is nothing known
   */
  static Optional<String> describe(byte[] body) {
    int inspected = Math.min(body.length, INSPECTED_CHARS);
    String start = new String(body, 0, inspected, StandardCharsets.ISO_8859_1);
    for (Kind kind : Kind.values()) {
      if (kind.start.matcher(start).matches()) {
        return Optional.of(message(kind.found, kind.remedy));
      }
    }
    return isStripped(body)
        ? Optional.of(
            message(
                "a file without its line breaks and null bytes, which curl -d removes",
                "Use --data-binary @IMAGE.png or -T IMAGE.png instead of -d."))
        : Optional.empty();
  }

  private static boolean isStripped(byte[] body) {
    for (byte b : body) {
      if (b == 0 || b == '\n' || b == '\r') {
        return false;
      }
    }
    return body.length >= MIN_STRIPPED_BYTES;
  }

  private static String message(String found, String remedy) {
    return "Expected the bytes of a JPEG, PNG, TIFF or DICOM file; found %s. %s"
        .formatted(found, remedy);
  }
}
