package dev.cxr.common.download;

import dev.cxr.common.files.AtomicFile;
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
final class PartialDownload {

  private static final int MAX_ORIGIN_BYTES = 8192;

  private final Path dataFile;
  private final Path originFile;

  private PartialDownload(Path dataFile, Path originFile) {
    this.dataFile = dataFile;
    this.originFile = originFile;
  }

  static PartialDownload forTarget(Path target) {
    String name = target.getFileName() + ".part";
    return new PartialDownload(target.resolveSibling(name), target.resolveSibling(name + ".from"));
  }

  Path path() {
    return dataFile;
  }

  /** How many bytes there are. */
  long length() throws IOException {
    return Files.exists(dataFile) ? Files.size(dataFile) : 0;
  }

  /** What to send as {@code If-Range}, if these bytes were asked from {@code uri}. */
  Optional<String> validator(URI uri) throws IOException {
    if (!Files.exists(originFile) || Files.size(originFile) > MAX_ORIGIN_BYTES) {
      return Optional.empty();
    }
    List<String> lines =
        new String(Files.readAllBytes(originFile), StandardCharsets.UTF_8).lines().toList();
    return lines.size() == 2 && lines.get(0).equals(uri.toString())
        ? Optional.of(lines.get(1)).filter(DownloadResponse::isValidator)
        : Optional.empty();
  }

  /** Begins anew with nothing. Without a validator the bytes to come cannot be gone on with. */
  void startOver(URI uri, Optional<String> validator) throws IOException {
    delete();
    if (validator.isPresent()) {
      AtomicFile.write(
          originFile, path -> Files.writeString(path, uri + "\n" + validator.get() + "\n"));
    }
  }

  /** To write after the last byte. */
  FileChannel openForAppend() throws IOException {
    return FileChannel.open(dataFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Gives the bytes, which are all there, their name. */
  void moveTo(Path target) throws IOException {
    AtomicFile.moveIntoPlace(dataFile, target);
    delete();
  }

  void delete() throws IOException {
    Files.deleteIfExists(dataFile);
    Files.deleteIfExists(originFile);
  }
}
