package dev.cxr.data.image;

import java.nio.charset.StandardCharsets;

/** The supported file formats: how to detect and parse each. */
enum ImageFormat {
  /** Before the others, because its first 128 bytes can be those of another format. */
  DICOM {
    @Override
    boolean isFormatOf(byte[] file) {
      return DicomMetadata.isDicom(file);
    }

    @Override
    ImageFile open(byte[] file) throws InvalidImageException {
      return DicomFile.of(file);
    }
  },

  JPEG {
    @Override
    boolean isFormatOf(byte[] file) {
      return startsWith(file, "\u00FF\u00D8\u00FF");
    }

    @Override
    ImageFile open(byte[] file) throws InvalidImageException {
      return JpegFile.of(file);
    }
  },

  PNG {
    @Override
    boolean isFormatOf(byte[] file) {
      return startsWith(file, "\u0089PNG\r\n\u001A\n");
    }

    @Override
    ImageFile open(byte[] file) throws InvalidImageException {
      return PngFile.of(file);
    }
  },

  TIFF {
    @Override
    boolean isFormatOf(byte[] file) {
      return startsWith(file, "II*\0")
          || startsWith(file, "MM\0*")
          || startsWith(file, "II+\0") // BigTIFF
          || startsWith(file, "MM\0+");
    }

    @Override
    ImageFile open(byte[] file) throws InvalidImageException {
      return TiffFile.of(file);
    }
  };

  abstract boolean isFormatOf(byte[] file);

  /**
   * Parses a file of this format.
   *
   * @throws InvalidImageException if it is unsupported, damaged or truncated
   */
  abstract ImageFile open(byte[] file) throws InvalidImageException;

  /**
   * Detects the format of a file from its bytes.
   *
   * @throws InvalidImageException if it has another format
   */
  static ImageFormat of(byte[] file) throws InvalidImageException {
    for (ImageFormat format : values()) {
      if (format.isFormatOf(file)) {
        return format;
      }
    }
    throw InvalidImageException.of(
        "a JPEG (FF D8 FF), PNG (89 50 4E 47), TIFF (49 49 2A 00 or 4D 4D 00 2A) or DICOM (DICM at"
            + " byte 128) file",
        describeFirstBytes(file),
        "convert it to one of them");
  }

  private static boolean startsWith(byte[] file, String magic) {
    return file.length >= magic.length()
        && new String(file, 0, magic.length(), StandardCharsets.ISO_8859_1).equals(magic);
  }

  private static String describeFirstBytes(byte[] file) {
    if (file.length == 0) {
      return "no bytes";
    }
    var text = new StringBuilder("a file that begins with");
    for (int i = 0; i < Math.min(8, file.length); i++) {
      text.append(" %02X".formatted(file[i]));
    }
    return text.toString();
  }
}
