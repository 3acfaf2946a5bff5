package dev.cxr.serve.http;

import dev.cxr.data.image.InvalidImageException;
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
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Extracts the image from a {@code multipart/form-data} body: the part named {@code data}, else the
 * file, else the first part. A form with several of these is rejected: only one would be predicted.
 */
final class Multipart implements PartHandler {

  /** For parts in base64 or quoted-printable, which are rare. */
  private static final ByteBufferPool DECODE_BUFFERS = new DefaultByteBufferPool(false, 16 << 10);

  private static final int MAX_PARTS = 100;
  private static final int FIELD = 1;
  private static final int FILE = 2;
  private static final int DATA = 3;

  private int bestPriority;
  private int priority;
  private int count;
  private int images;
  private ByteArrayOutputStream best = new ByteArrayOutputStream();
  private ByteArrayOutputStream current = best;

  private Multipart() {}

  /**
   * Finds the image.
   *
   * @return its bytes; all of the body if the content type is not multipart
   * @throws InvalidImageException if the form is malformed or truncated, has no part, or has
   *     several images
   */
  static byte[] image(@Nullable String contentType, byte[] body) throws InvalidImageException {
    Optional<String> boundary =
        Optional.ofNullable(contentType)
            .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/"))
            .flatMap(type -> value(type, "boundary"))
            .filter(text -> !text.isEmpty() && text.length() <= 70);
    if (boundary.isEmpty()) {
      return body;
    }
    Multipart form = new Multipart();
    ParseState state =
        MultipartParser.beginParse(
            DECODE_BUFFERS,
            form,
            boundary.get().getBytes(StandardCharsets.ISO_8859_1),
            StandardCharsets.UTF_8.name());
    try {
      state.parse(ByteBuffer.wrap(body));
    } catch (IOException | RuntimeException e) {
      throw invalidForm("malformed");
    }
    if (!state.isComplete()) {
      throw invalidForm("truncated");
    }
    if (form.bestPriority == 0) {
      throw new InvalidImageException("Input data is empty.");
    }
    if (form.images > 1) {
      throw new InvalidImageException(
          "Expected one image in the form; found %d. Send each in its own request."
              .formatted(form.images));
    }
    return form.best.toByteArray();
  }

  /** Undertow throws where a quoted value has no end. */
  private static Optional<String> value(String header, String name) {
    try {
      return Optional.ofNullable(Headers.extractQuotedValueFromHeader(header, name));
    } catch (StringIndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static InvalidImageException invalidForm(String problem) {
    return new InvalidImageException(
        "Expected a multipart body; found one that is %s. Send the image file itself as the body."
            .formatted(problem));
  }

  @Override
  public void beginPart(HeaderMap headers) {
    if (++count > MAX_PARTS) {
      throw new IllegalStateException("more than %d parts".formatted(MAX_PARTS));
    }
    Optional<String> disposition =
        Optional.ofNullable(headers.getFirst(Headers.CONTENT_DISPOSITION));
    boolean isFile = disposition.flatMap(text -> value(text, "filename")).isPresent();
    boolean isData =
        disposition.flatMap(text -> value(text, "name")).filter("data"::equals).isPresent();
    priority = isData ? DATA : isFile ? FILE : FIELD;
    images += priority == FIELD ? 0 : 1;
    current = new ByteArrayOutputStream();
  }

  @Override
  public void data(ByteBuffer buffer) {
    if (priority > bestPriority) {
      byte[] chunk = new byte[buffer.remaining()];
      buffer.get(chunk);
      current.writeBytes(chunk);
    }
  }

  @Override
  public void endPart() {
    if (priority > bestPriority) {
      bestPriority = priority;
      best = current;
    }
  }
}
