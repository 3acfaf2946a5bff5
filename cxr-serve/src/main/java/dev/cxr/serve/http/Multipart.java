package dev.cxr.serve.http;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.MultipartParser;
import io.undertow.util.MultipartParser.ParseState;
import io.undertow.util.MultipartParser.PartHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the image from a {@code multipart/form-data} body: the part named {@code data}, else the
 * first file, else the first part.
 */
final class Multipart {

  /** For parts in base64 or quoted-printable, which are rare. */
  private static final ByteBufferPool DECODE_BUFFERS = new DefaultByteBufferPool(false, 16 << 10);

  private static final int MAX_PARTS = 100;

  private Multipart() {}

  /** The boundary of a multipart content type; empty for any other. */
  static Optional<String> boundary(@Nullable String contentType) {
    if (contentType == null || !contentType.regionMatches(true, 0, "multipart/", 0, 10)) {
      return Optional.empty();
    }
    return value(contentType, "boundary").filter(b -> !b.isEmpty() && b.length() <= 70);
  }

  /** Undertow throws where a quoted value has no end. */
  private static Optional<String> value(String header, String name) {
    try {
      return Optional.ofNullable(Headers.extractQuotedValueFromHeader(header, name));
    } catch (StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  /**
   * Finds the image.
   *
   * @return its bytes; empty if the form has no part
   * @throws IOException if the body is not multipart, or is truncated
   */
  static Optional<byte[]> imagePart(byte[] body, String boundary) throws IOException {
    ImagePartHandler handler = new ImagePartHandler();
    ParseState state =
        MultipartParser.beginParse(
            DECODE_BUFFERS,
            handler,
            boundary.getBytes(StandardCharsets.ISO_8859_1),
            StandardCharsets.UTF_8.name());
    try {
      state.parse(ByteBuffer.wrap(body));
    } catch (IOException | RuntimeException e) {
      throw new IOException("that is malformed", e);
    }
    if (!state.isComplete()) {
      throw new IOException("that is truncated");
    }
    return handler.best();
  }

  /** Keeps the part with the highest priority so far. */
  private static final class ImagePartHandler implements PartHandler {

    /** From lowest to highest. */
    private enum PartPriority {
      NONE,
      FIELD,
      FILE,
      DATA
    }

    private PartPriority bestPriority = PartPriority.NONE;
    private PartPriority priority = PartPriority.NONE;
    private byte[] best = new byte[0];
    private ByteArrayOutputStream current = new ByteArrayOutputStream();
    private int count;

    @Override
    public void beginPart(HeaderMap headers) {
      if (++count > MAX_PARTS) {
        throw new IllegalStateException("more than %d parts".formatted(MAX_PARTS));
      }
      String disposition = headers.getFirst(Headers.CONTENT_DISPOSITION);
      priority = PartPriority.FIELD;
      if (disposition != null) {
        if (value(disposition, "name").filter("data"::equals).isPresent()) {
          priority = PartPriority.DATA;
        } else if (value(disposition, "filename").isPresent()) {
          priority = PartPriority.FILE;
        }
      }
      current = new ByteArrayOutputStream();
    }

    @Override
    public void data(ByteBuffer buffer) {
      if (priority.compareTo(bestPriority) > 0) {
        byte[] chunk = new byte[buffer.remaining()];
        buffer.get(chunk);
        current.writeBytes(chunk);
      }
    }

    @Override
    public void endPart() {
      if (priority.compareTo(bestPriority) > 0) {
        bestPriority = priority;
        best = current.toByteArray();
      }
    }

    Optional<byte[]> best() {
      return bestPriority == PartPriority.NONE ? Optional.empty() : Optional.of(best);
    }
  }
}
