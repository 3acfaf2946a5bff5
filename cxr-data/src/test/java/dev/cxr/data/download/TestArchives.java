package dev.cxr.data.download;

import dev.cxr.common.download.Checksum;
import dev.cxr.common.download.RemoteFile;
import dev.cxr.common.files.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Archives as publishers make them, but small. */
final class TestArchives {

  private TestArchives() {}

  static byte[] zip(Map<String, byte[]> entries) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  static byte[] jpeg(int gray) throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setSample(0, 0, 0, gray);
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", bytes);
    return bytes.toByteArray();
  }

  /** A dataset that is as published where {@code uri} has these bytes. */
  static PublicDataset dataset(
      URI uri, String fileName, byte[] archive, ArchiveUnpacker unpacking) {
    Checksum checksum =
        Checksum.sha256(HexFormat.of().formatHex(Sha256.newDigest().digest(archive)));
    return new PublicDataset(
        "A stand-in",
        fileName,
        new RemoteFile(uri, OptionalLong.of(archive.length), checksum),
        "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
        List.of("Somebody (2018).", "Another (2023)."),
        "Nothing is changed.",
        "stand-in",
        1_000_000,
        unpacking);
  }
}
