package dev.cxr.data.audit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an image file tells beside its pixels. None of it reaches a model.
 *
 * @param bytes its length
 * @param colourProfile whether it carries an ICC profile
 */
record FileFacts(long bytes, boolean colourProfile) {

  private static final int JPEG = 0xFFD8;
  private static final int PNG = 0x8950;
  private static final int START_OF_SCAN = 0xDA;
  private static final int APP2 = 0xE2;
  private static final int FILL = 0xFF;
  private static final String ICC = "ICC_PROFILE\0";

  /**
   * Of an image file that has been decoded before, and so is whole.
   *
   * @throws IOException if it cannot be read
   */
  static FileFacts of(Path file) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      boolean profile =
          switch (in.readUnsignedShort()) {
            case JPEG -> jpegHasProfile(in);
            case PNG -> pngHasProfile(in);
            default -> false; // no other format is looked into
          };
      return new FileFacts(Files.size(file), profile);
    }
  }

  /** An APP2 segment of that name (ICC.1, annex B). */
  private static boolean jpegHasProfile(DataInputStream in) throws IOException {
    while (true) {
      in.readUnsignedByte(); // 0xFF
      int marker = in.readUnsignedByte();
      while (marker == FILL) {
        marker = in.readUnsignedByte();
      }
      if (marker == START_OF_SCAN) {
        return false;
      }
      int length = in.readUnsignedShort() - 2;
      if (marker == APP2 && length >= ICC.length()) {
        if (text(in, ICC.length()).equals(ICC)) {
          return true;
        }
        length -= ICC.length();
      }
      in.skipNBytes(length);
    }
  }

  /** A chunk iCCP, which stands before the pixels. */
  private static boolean pngHasProfile(DataInputStream in) throws IOException {
    in.skipNBytes(6); // the rest of the signature
    while (true) {
      long length = Integer.toUnsignedLong(in.readInt());
      switch (text(in, 4)) {
        case "iCCP" -> {
          return true;
        }
        case "IDAT" -> {
          return false;
        }
        default -> in.skipNBytes(length + 4); // and its checksum
      }
    }
  }

  private static String text(DataInputStream in, int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }
}
