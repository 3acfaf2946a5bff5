package dev.cxr.data.download.collection;

import dev.cxr.data.download.Checksum;
import dev.cxr.data.download.RemoteFile;
import dev.cxr.data.files.Sha256;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Archives as publishers make them, but small. */
final class Zips {

  private Zips() {}

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
    BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setSample(0, 0, 0, gray);
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, "jpeg", bytes);
    return bytes.toByteArray();
  }

  /** An array as {@code numpy.save} writes it, version 1.0 of the form. */
  static byte[] npy(String descr, String fortran, String shape, byte[] values) {
    String text =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }".formatted(descr, fortran, shape);
    String padded = text + " ".repeat(63 - (text.length() + 10) % 64) + "\n";
    byte[] header = padded.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + header.length + values.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) header.length)
        .put(header)
        .put(values)
        .array();
  }

  static byte[] npy(String shape, byte[] values) {
    return npy("|u1", "False", shape, values);
  }

  /** A collection that is as published where {@code uri} has these bytes. */
  static PublicCollection collection(
      URI uri, String fileName, byte[] archive, Unpacking unpacking) {
    Checksum checksum = Checksum.sha256(HexFormat.of().formatHex(Sha256.start().digest(archive)));
    return new PublicCollection(
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
