package dev.cxr.models.weights;

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

/** Where weights come from: this machine or the network. */
final class WeightsSource {

  private static final Pattern URL_PATTERN = Pattern.compile("(?i)https?:.*");
  private static final Pattern FILE_NAME = Pattern.compile("\\w[\\w.-]{0,99}");
  private static final int FOLDER_NAME_LENGTH = 16;

  private final Path cache;

  /** What is fetched stays in {@code cache}, each file in a folder named for its checksum. */
  WeightsSource(Path cache) {
    this.cache = cache;
  }

  Path locate(String fileOrUrl, Optional<String> sha256) throws IOException {
    Optional<Checksum> checksum = sha256.map(WeightsSource::parseChecksum);
    return URL_PATTERN.matcher(fileOrUrl).matches()
        ? download(parseUrl(fileOrUrl), checksum)
        : verifyFile(parsePath(fileOrUrl), checksum);
  }

  private static Checksum parseChecksum(String sha256) {
    try {
      return Checksum.sha256(sha256.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw UserErrorException.ofUsage(
          "a SHA-256 of 64 hexadecimal digits for the weights",
          "'" + sha256 + "'",
          "Copy it whole; the page of the file on the Hugging Face hub shows it.");
    }
  }

  private Path download(URI url, Optional<Checksum> checksum) throws IOException {
    Checksum expected =
        checksum.orElseThrow(
            () ->
                UserErrorException.ofUsage(
                    "the SHA-256 of weights that are fetched",
                    "none for " + url,
                    "Give it too; the page of the file on the Hugging Face hub shows it."));
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
      throw UserErrorException.ofUsage(
          "an address of weights", "'" + text + "'", "Give another one.");
    }
  }

  /** The last part of the address, if it can name a file anywhere. */
  private static String fileName(URI url) {
    String path = url.getPath() == null ? "" : url.getPath();
    String last = path.substring(path.lastIndexOf('/') + 1);
    return FILE_NAME.matcher(last).matches() ? last : "weights.safetensors";
  }

  private static Path parsePath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw UserErrorException.ofUsage("a file of weights", "'" + text + "'", "Give another one.");
    }
  }

  private static Path verifyFile(Path file, Optional<Checksum> checksum) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw UserErrorException.ofUsage(
          "a file of weights, or an address that begins with https://",
          Files.exists(file) ? "no file but something else at " + file : "nothing at " + file,
          "Give the path of a .safetensors file.");
    }
    if (checksum.isPresent()) {
      Checksum found = Checksum.sha256(Sha256.hex(file));
      if (!found.equals(checksum.get())) {
        throw UserErrorException.of(
            "%s with %s".formatted(file, checksum.get()), found.toString(), "Take a fresh copy.");
      }
    }
    return file;
  }
}
