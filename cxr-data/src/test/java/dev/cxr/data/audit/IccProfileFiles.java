package dev.cxr.data.audit;

import dev.cxr.data.image.GrayImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** JPEG files with and without an ICC profile, of one image. */
final class IccProfileFiles {

  private IccProfileFiles() {}

  static Path jpeg(Path file, boolean profile) throws IOException {
    byte[] plain = encoded();
    return write(file, profile ? inserted(plain, 2, segment("ICC_PROFILE\0")) : plain);
  }

  private static byte[] inserted(byte[] file, int at, byte[] part) {
    return ByteBuffer.allocate(file.length + part.length)
        .put(file, 0, at)
        .put(part)
        .put(file, at, file.length - at)
        .array();
  }

  /** An APP2 segment that begins with a name. */
  private static byte[] segment(String name) {
    byte[] data = name.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(4 + data.length + 10)
        .putShort((short) 0xFFE2)
        .putShort((short) (2 + data.length + 10))
        .put(data)
        .array();
  }

  private static byte[] encoded() throws IOException {
    GrayImage drawn = AuditFixtures.syntheticImage(0);
    var image = new BufferedImage(drawn.width(), drawn.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, drawn.width(), drawn.height(), drawn.pixels());
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", out);
    return out.toByteArray();
  }

  private static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }
}
