package dev.cxr.models.weights;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.Checksum;
import dev.cxr.common.download.Downloader;
import dev.cxr.common.download.RemoteFile;
import dev.cxr.common.files.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Finds weights on this machine or downloads them. */
final class WeightsSource {

  private static final Pattern URL_PATTERN = Pattern.compile("(?i)https?:.*");
  private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]{0,99}");
  private static final int FOLDER_NAME_LENGTH = 16;

  private WeightsSource() {}

  /** Downloads are kept in {@code cache}, each file in a folder named after its checksum. */
  static Path locate(Path cache, String fileOrUrl, Optional<String> sha256) throws IOException {
    Optional<Checksum> checksum = sha256.map(WeightsSource::parseChecksum);
    return URL_PATTERN.matcher(fileOrUrl).matches()
        ? download(cache, parseUrl(fileOrUrl), checksum)
        : verifyFile(parsePath(fileOrUrl), checksum);
  }

  private static Checksum parseChecksum(String sha256) {
    try {
      return Checksum.sha256(sha256.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of(
          "a SHA-256 of 64 hexadecimal digits for the weights",
          "'" + sha256 + "'",
          "Copy all of it from the page of the file on the Hugging Face hub.");
    }
  }

  private static Path download(Path cache, URI url, Optional<Checksum> checksum)
      throws IOException {
    Checksum expected =
        checksum.orElseThrow(
            () ->
                UsageErrorException.of(
                    "a SHA-256 for weights from a URL",
                    "none for " + url,
                    "Add it; the page of the file on the Hugging Face hub shows it."));
    RemoteFile file = new RemoteFile(url, OptionalLong.empty(), expected);
    Path target =
        cache.resolve(expected.hex().substring(0, FOLDER_NAME_LENGTH)).resolve(fileName(url));
    new Downloader().fetch(file, target, 0);
    return target;
  }

  private static URI parseUrl(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of("a URL of weights", "'" + text + "'", "Use https://HOST/PATH.");
    }
  }

  /** The last part of the URL, if it is a valid file name on every system. */
  private static String fileName(URI url) {
    String path = url.getPath() == null ? "" : url.getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return FILE_NAME.matcher(last).matches() ? last : "weights.safetensors";
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw UsageErrorException.of("a file of weights", "'" + text + "'", "Use https://HOST/PATH.");
    }
  }

  private static Path verifyFile(Path file, Optional<Checksum> checksum) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw UsageErrorException.of(
          "a file of weights, or a URL that begins with https://",
          Files.exists(file) ? "a folder at " + file : "no file at " + file,
          "Give the path of a .safetensors file.");
    }
    if (checksum.isPresent()) {
      Checksum found = Checksum.sha256(Sha256.hex(file));
      if (!found.equals(checksum.get())) {
        throw UserErrorException.of(
            "%s with %s".formatted(file, checksum.get()),
            found.toString(),
            "Download the file again.");
      }
    }
    return file;
  }
}
