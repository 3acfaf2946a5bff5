package dev.cxr.data.download;

import dev.cxr.common.cli.Progress;
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

  /** Names that leave the folder, on any operating system. */
  private static final Pattern PATH_TRAVERSAL =
      Pattern.compile("[/\\\\].*|.*\\\\.*|.*:.*|(.*/)?\\.\\.(/.*)?");

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
  public UnpackedDataset unpack(Path archive, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw ArchiveUnpacker.invalidArchive(
            archive, "at most %,d entries".formatted(MAX_ENTRIES), "%,d".formatted(zip.size()));
      }
      Map<String, ZipEntry> images = imageEntries(zip, archive);
      if (images.isEmpty()) {
        throw ArchiveUnpacker.invalidArchive(
            archive, "images named chest_xray/<split>/<class>/<name>.jpeg", "none");
      }
      write(zip, images, archive, folder);
      return new UnpackedDataset(images.size(), Path.of(""));
    } catch (ZipException e) {
      throw ArchiveUnpacker.invalidArchive(
          archive, "a complete zip", "a damaged one (" + e.getMessage() + ")");
    }
  }

  /** The entries of images by their paths in the folder. */
  private static Map<String, ZipEntry> imageEntries(ZipFile zip, Path archive) {
    Map<String, ZipEntry> images = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (PATH_TRAVERSAL.matcher(name).matches()) {
        throw ArchiveUnpacker.invalidArchive(
            archive, "entries below chest_xray", "the entry '%s'".formatted(printable(name)));
      }
      Matcher image = IMAGE_ENTRY.matcher(name);
      if (image.matches()) {
        if (images.put(image.group("path"), entry) != null) {
          throw ArchiveUnpacker.invalidArchive(
              archive, "unique names", "'%s' twice".formatted(name));
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
          long written = copy(in, out, limit);
          if (written > limit) {
            throw ArchiveUnpacker.invalidArchive(
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

  /** Copies everything, or stops soon after {@code bound}; returns the number of bytes copied. */
  private static long copy(InputStream in, OutputStream out, long bound) throws IOException {
    byte[] buffer = new byte[1 << 16];
    long copied = 0;
    for (int n = in.read(buffer); n >= 0 && copied <= bound; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      copied += n;
    }
    return copied;
  }

  private static String printable(String name) {
    String text = name.replaceAll("\\P{Print}", "?");
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
