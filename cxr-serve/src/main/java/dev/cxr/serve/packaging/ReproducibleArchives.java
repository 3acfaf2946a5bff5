package dev.cxr.serve.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** Writes archives without times and users: the same files give the same bytes. */
final class ReproducibleArchives {

  /** Close to the earliest time that a zip file can hold, in any time zone. */
  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ReproducibleArchives() {}

  static void zip(Map<String, Path> files, Path target) throws IOException {
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

  static void tarGz(Map<String, Path> files, Path target) throws IOException {
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(target), 1 << 16))) {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(Files.size(file.getValue()));
        entry.setModTime(0L);
        entry.setIds(0, 0);
        out.putArchiveEntry(entry);
        Files.copy(file.getValue(), out);
        out.closeArchiveEntry();
      }
    }
  }
}
