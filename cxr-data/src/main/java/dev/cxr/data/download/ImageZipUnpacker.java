package dev.cxr.data.download;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.io.IOUtils;

/**
 * Unpacks a zip of {@code chest_xray / train|val|test / NORMAL|PNEUMONIA / *.jpeg}.
 *
 * <p>Writes only names of this form. Skips system files of macOS, and reports other entries that it
 * skips.
 */
final class ImageZipUnpacker implements ArchiveUnpacker {

  private static final Pattern IMAGE_ENTRY =
      Pattern.compile(
          "chest_xray/(?<path>(train|val|test)/(NORMAL|PNEUMONIA)/"
              + "[A-Za-z0-9][A-Za-z0-9._-]{0,150}\\.(?i:jpe?g))");

  private static final Pattern SYSTEM_ENTRY =
      Pattern.compile("__MACOSX/.*|(.*/)?(\\.DS_Store|\\._[^/]*)");

  /** The real archive has about 12,000. */
  private static final int MAX_ENTRIES = 100_000;

  /** The limit of the decoder. */
  private static final long MAX_BYTES_PER_IMAGE = 64L << 20;

  private static final long DEFAULT_MAX_BYTES = 4_000_000_000L;

  private final long maxBytes;

  ImageZipUnpacker() {
    this(DEFAULT_MAX_BYTES);
  }

  /** Sets another limit for all images together. */
  ImageZipUnpacker(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  @Override
  public int unpack(Path archive, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw invalidArchive(
            archive, "at most %,d entries".formatted(MAX_ENTRIES), "%,d".formatted(zip.size()));
      }
      Map<String, ZipEntry> images = imageEntries(zip, archive);
      if (images.isEmpty()) {
        throw invalidArchive(
            archive, "images named chest_xray/<split>/<class>/<name>.jpeg", "none");
      }
      write(zip, images, archive, folder);
      return images.size();
    } catch (ZipException e) {
      throw invalidArchive(archive, "a complete zip", "a damaged one (" + e.getMessage() + ")");
    }
  }

  /** The entries of images by their paths in the folder. */
  private static Map<String, ZipEntry> imageEntries(ZipFile zip, Path archive) {
    Map<String, ZipEntry> images = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      Matcher image = IMAGE_ENTRY.matcher(name);
      if (image.matches()) {
        if (images.put(image.group("path"), entry) != null) {
          throw invalidArchive(archive, "unique names", "'%s' twice".formatted(name));
        }
      } else if (!entry.isDirectory() && !SYSTEM_ENTRY.matcher(name).matches()) {
        others.add(printable(name));
      }
    }
    if (!others.isEmpty()) {
      System.out.printf(
          "Skipped %d entries that are not images of a class, the first is '%s'.%n",
          others.size(), others.get(0));
    }
    return images;
  }

  private void write(ZipFile zip, Map<String, ZipEntry> images, Path archive, Path folder)
      throws IOException {
    long remaining = maxBytes;
    try (Progress progress = Progress.start("Unpacking", " images", images.size())) {
      for (var image : images.entrySet()) {
        Path file = folder.resolve(image.getKey());
        Files.createDirectories(file.getParent());
        long limit = Math.min(remaining, MAX_BYTES_PER_IMAGE);
        try (InputStream in = zip.getInputStream(image.getValue());
            OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
          // The sizes in the zip header are not reliable.
          long written = IOUtils.copyLarge(in, out, 0, limit + 1);
          if (written > limit) {
            throw invalidArchive(
                archive,
                "at most %,d bytes for an image and %,d in total"
                    .formatted(MAX_BYTES_PER_IMAGE, maxBytes),
                "more at '%s'".formatted(image.getKey()));
          }
          remaining -= written;
        }
        progress.step(1, "");
      }
    }
  }

  private static String printable(String name) {
    String text = name.replaceAll("\\P{Print}", "?");
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static UserErrorException invalidArchive(Path archive, String expected, String found) {
    return UserErrorException.of(
        "%s in %s".formatted(expected, archive),
        found,
        "Nothing was unpacked. Remove the file and download it again.");
  }
}
