package dev.cxr.data.image;

import java.nio.charset.StandardCharsets;

/** The file formats read: how each is known, and who takes a file of it apart. */
enum ImageFormat {
  /** Before the others: its first 128 bytes are anybody's. */
  DICOM {
    @Override
    boolean isFormatOf(byte[] file) {
      return Dicom.isDicom(file);
    }

    @Override
    PictureFile open(byte[] file) throws ImageRefusedException {
      return DicomFile.of(file);
    }
  },

  JPEG {
    @Override
    boolean isFormatOf(byte[] file) {
      return begins(file, "\u00FF\u00D8\u00FF");
    }

    @Override
    PictureFile open(byte[] file) throws ImageRefusedException {
      return JpegFile.of(file);
    }
  },

  PNG {
    @Override
    boolean isFormatOf(byte[] file) {
      return begins(file, "\u0089PNG\r\n\u001A\n");
    }

    @Override
    PictureFile open(byte[] file) throws ImageRefusedException {
      return PngFile.of(file);
    }
  },

  TIFF {
    @Override
    boolean isFormatOf(byte[] file) {
      return begins(file, "II*\0")
          || begins(file, "MM\0*")
          || begins(file, "II+\0") // BigTIFF
          || begins(file, "MM\0+");
    }

    @Override
    PictureFile open(byte[] file) throws ImageRefusedException {
      return TiffFile.of(file);
    }
  };

  abstract boolean isFormatOf(byte[] file);

  /**
   * Takes a file of this format apart.
   *
   * @throws ImageRefusedException if its structure is broken or ends early, or it is of a kind that
   *     is not read
   */
  abstract PictureFile open(byte[] file) throws ImageRefusedException;

  /**
   * The format of a file by its bytes.
   *
   * @throws ImageRefusedException if it is none of these
   */
  static ImageFormat of(byte[] file) throws ImageRefusedException {
    for (ImageFormat format : values()) {
      if (format.isFormatOf(file)) {
        return format;
      }
    }
    throw new ImageRefusedException(
        "expected a JPEG (FF D8 FF), PNG (89 50 4E 47), TIFF (49 49 2A 00 or 4D 4D 00 2A) or DICOM"
            + " (DICM at byte 128) file, found %s: convert it to one of them"
                .formatted(beginning(file)));
  }

  private static boolean begins(byte[] file, String magic) {
    return file.length >= magic.length()
        && new String(file, 0, magic.length(), StandardCharsets.ISO_8859_1).equals(magic);
  }

  private static String beginning(byte[] file) {
    if (file.length == 0) {
      return "no bytes";
    }
    var text = new StringBuilder("one that begins");
    for (int i = 0; i < Math.min(8, file.length); i++) {
      text.append(" %02X".formatted(file[i]));
    }
    return text.toString();
  }
}
