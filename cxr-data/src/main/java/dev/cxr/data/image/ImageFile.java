package dev.cxr.data.image;

import java.io.IOException;
import java.util.Set;

/** A parsed file: its header, and its image on demand. */
abstract sealed class ImageFile permits DicomFile, JpegFile, PngFile, TiffFile {

  private static final int MIN_SIDE = 16;
  private static final int MAX_SIDE = 16_384;
  private static final long MAX_PIXELS = 40_000_000;

  /** Columns according to the header, which can be any number. */
  int width;

  /** Rows according to the header. */
  int height;

  /** Whether an ICC profile is embedded. */
  boolean hasColourProfile;

  /** Which of several windows of a DICOM file to apply, from 1; the last if it has fewer. */
  int window = 1;

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

  /** Checks the size of an image. */
  static void requireValidSize(int width, int height) throws InvalidImageException {
    if (Math.min(width, height) < MIN_SIDE
        || Math.max(width, height) > MAX_SIDE
        || (long) width * height > MAX_PIXELS) {
      throw InvalidImageException.of(
          "sides of %d to %d and at most %d pixels".formatted(MIN_SIDE, MAX_SIDE, MAX_PIXELS),
          "%dx%d".formatted(width, height),
          "resize the image");
    }
  }
}
