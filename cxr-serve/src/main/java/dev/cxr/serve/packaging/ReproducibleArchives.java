package dev.cxr.serve.packaging;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes archives without times and users: the same files give the same bytes. */
final class ReproducibleArchives {

  /** Close to the earliest time that a zip file can hold, in any time zone. */
  private static final LocalDateTime FIXED_TIME = LocalDateTime.of(1980, 2, 1, 0, 0);

  private ReproducibleArchives() {}

  /** Uncompressed: weights hardly shrink, and compressors differ between Java versions. */
  static void zip(Map<String, FileContent> files, Path target) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(open(target))) {
      for (Map.Entry<String, FileContent> file : files.entrySet()) {
        try (InputStream in = file.getValue().open()) {
          store(file.getKey(), in, file.getValue(), out);
        }
      }
    }
  }

  private static void store(String name, InputStream first, FileContent again, ZipOutputStream out)
      throws IOException {
    CheckedInputStream summed = new CheckedInputStream(first, new CRC32());
    ZipEntry entry = entry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(summed.transferTo(OutputStream.nullOutputStream()));
    entry.setCrc(summed.getChecksum().getValue());
    out.putNextEntry(entry);
    try (InputStream in = again.open()) {
      in.transferTo(out);
    }
    out.closeEntry();
  }

  static void jar(Map<String, byte[]> files, OutputStream target) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(target)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        out.putNextEntry(entry(file.getKey()));
        out.write(file.getValue());
        out.closeEntry();
      }
    }
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(FIXED_TIME);
    return entry;
  }

  static void tarGz(Map<String, FileContent> files, Path target) throws IOException {
    try (TarArchiveOutputStream out =
        new TarArchiveOutputStream(new GZIPOutputStream(open(target)))) {
      for (Map.Entry<String, FileContent> file : files.entrySet()) {
        byte[] bytes;
        try (InputStream in = file.getValue().open()) {
          bytes = in.readAllBytes();
        }
        TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
        entry.setSize(bytes.length);
        entry.setModTime(0L);
        entry.setIds(0, 0);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
      }
    }
  }

  private static OutputStream open(Path target) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(target));
  }
}
