package dev.cxr.data.image;

import java.io.IOException;
import java.util.Set;

/** A parsed file: its header, and its image on demand. */
abstract sealed class ImageFile permits DicomFile, JpegFile, PngFile, TiffFile {

  /** Columns according to the header, which can be any number. */
  int width;

  /** Rows according to the header. */
  int height;

  /** Whether an ICC profile is embedded. */
  boolean hasColourProfile;

  /**
   * Decodes the image; call it only after checking the size.
   *
   * @throws InvalidImageException if it is damaged
   * @throws IOException if a reader fails to start
   */
  abstract GrayImage toGray() throws IOException;

  /** What was read although it breaks the standard; complete after decoding. */
  Set<String> notes() {
    return Set.of();
  }
}
