package dev.cxr.common.download;

import dev.cxr.common.files.AtomicFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bytes of a file received so far.
 *
 * @param path {@code NAME.part}, which holds the bytes
 * @param originFile {@code NAME.part.from}, which holds the URL and the validator that identifies
 *     the version of the file; without it the download cannot be resumed
 */
record PartialDownload(Path path, Path originFile) {

  private static final int MAX_ORIGIN_BYTES = 8192;

  /** What may be sent as {@code If-Range} (RFC 9110, section 13.1.5): a strong tag or a date. */
  private static final Pattern VALIDATOR =
      Pattern.compile("\"[\\x21\\x23-\\x7E]{0,200}\"|[A-Za-z0-9 ,:]{1,60}");

  static PartialDownload forTarget(Path target) {
    String name = target.getFileName() + ".part";
    return new PartialDownload(target.resolveSibling(name), target.resolveSibling(name + ".from"));
  }

  static boolean isValidator(String text) {
    return VALIDATOR.matcher(text).matches();
  }

  long length() throws IOException {
    return Files.exists(path) ? Files.size(path) : 0;
  }

  /** The value of {@code If-Range}, if these bytes came from {@code uri}. */
  Optional<String> validator(URI uri) throws IOException {
    if (!Files.exists(originFile) || Files.size(originFile) > MAX_ORIGIN_BYTES) {
      return Optional.empty();
    }
    List<String> lines =
        new String(Files.readAllBytes(originFile), StandardCharsets.UTF_8).lines().toList();
    return lines.size() == 2 && lines.get(0).equals(uri.toString())
        ? Optional.of(lines.get(1)).filter(PartialDownload::isValidator)
        : Optional.empty();
  }

  /** Deletes all bytes. Without a validator the new download cannot be resumed. */
  void startOver(URI uri, Optional<String> validator) throws IOException {
    delete();
    if (validator.isPresent()) {
      AtomicFile.write(
          originFile, file -> Files.writeString(file, uri + "\n" + validator.get() + "\n"));
    }
  }

  /** Moves the complete file to its target. */
  void moveTo(Path target) throws IOException {
    AtomicFile.moveIntoPlace(path, target);
    delete();
  }

  void delete() throws IOException {
    Files.deleteIfExists(path);
    Files.deleteIfExists(originFile);
  }
}
