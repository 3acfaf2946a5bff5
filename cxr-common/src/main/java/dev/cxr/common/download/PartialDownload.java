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
 * The bytes of a file received so far.
 *
 * <p>{@code NAME.part} holds the bytes. {@code NAME.part.from} holds the URL and the validator that
 * identifies the version of the file; without it the download cannot be resumed.
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

  long length() throws IOException {
    return Files.exists(dataFile) ? Files.size(dataFile) : 0;
  }

  /** The value of {@code If-Range}, if these bytes came from {@code uri}. */
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

  /** Deletes all bytes. Without a validator the new download cannot be resumed. */
  void startOver(URI uri, Optional<String> validator) throws IOException {
    delete();
    if (validator.isPresent()) {
      AtomicFile.write(
          originFile, path -> Files.writeString(path, uri + "\n" + validator.get() + "\n"));
    }
  }

  FileChannel openForAppend() throws IOException {
    return FileChannel.open(dataFile, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Moves the complete file to its target. */
  void moveTo(Path target) throws IOException {
    AtomicFile.moveIntoPlace(dataFile, target);
    delete();
  }

  void delete() throws IOException {
    Files.deleteIfExists(dataFile);
    Files.deleteIfExists(originFile);
  }
}
