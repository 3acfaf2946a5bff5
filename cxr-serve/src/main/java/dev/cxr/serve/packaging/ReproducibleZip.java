package dev.cxr.serve.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Writes archives without times and users: the same files give the same bytes. */
final class ReproducibleZip {

  /** Close to the earliest time that a zip file can hold, in any time zone. */
  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ReproducibleZip() {}

  static void write(Map<String, Path> files, Path target) throws IOException {
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(target)) {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        add(file.getKey(), file.getValue(), out);
      }
    }
  }

  /** Uncompressed: weights hardly shrink, and compressors differ between Java versions. */
  static void add(String name, Path file, ZipArchiveOutputStream out) throws IOException {
    ZipArchiveEntry entry = new ZipArchiveEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setTimeLocal(FIXED_TIME);
    out.putArchiveEntry(entry);
    Files.copy(file, out);
    out.closeArchiveEntry();
  }
}
