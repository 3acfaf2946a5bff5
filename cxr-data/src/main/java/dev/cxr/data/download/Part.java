package dev.cxr.data.download;

import dev.cxr.data.files.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * What has come of a file so far.
 *
 * <p>{@code NAME.part} holds the bytes; {@code NAME.part.from} two lines: the address they were
 * asked from, and what tells that edition of the file from any other. Only with both can one go on
 * after the last byte.
 */
final class Part {

  private static final int MOST_BYTES_OF_ORIGIN = 8192;

  private final Path bytes;
  private final Path origin;

  private Part(Path bytes, Path origin) {
    this.bytes = bytes;
    this.origin = origin;
  }

  static Part of(Path target) {
    String name = target.getFileName() + ".part";
    return new Part(target.resolveSibling(name), target.resolveSibling(name + ".from"));
  }

  Path path() {
    return bytes;
  }

  /** How many bytes there are. */
  long length() throws IOException {
    return Files.exists(bytes) ? Files.size(bytes) : 0;
  }

  /** What to send as {@code If-Range}, if these bytes were asked from {@code uri}. */
  Optional<String> validator(URI uri) throws IOException {
    if (!Files.exists(origin) || Files.size(origin) > MOST_BYTES_OF_ORIGIN) {
      return Optional.empty();
    }
    List<String> lines =
        new String(Files.readAllBytes(origin), StandardCharsets.UTF_8).lines().toList();
    return lines.size() == 2 && lines.get(0).equals(uri.toString())
        ? Optional.of(lines.get(1)).filter(Answer::isValidator)
        : Optional.empty();
  }

  /** Begins anew with nothing. Without a validator the bytes to come cannot be gone on with. */
  void begin(URI uri, Optional<String> validator) throws IOException {
    remove();
    if (validator.isPresent()) {
      AtomicFile.write(
          origin, path -> Files.writeString(path, uri + "\n" + validator.get() + "\n"));
    }
  }

  /** To write after the last byte. */
  FileChannel append() throws IOException {
    return FileChannel.open(bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Gives the bytes, which are all there, their name. */
  void become(Path target) throws IOException {
    AtomicFile.rename(bytes, target);
    remove();
  }

  void remove() throws IOException {
    Files.deleteIfExists(bytes);
    Files.deleteIfExists(origin);
  }
}
