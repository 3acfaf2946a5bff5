package dev.cxr.data.image;

import java.io.IOException;

/** A file taken apart: what its header tells, and the image itself when it is asked for. */
sealed interface ImageFile permits DicomFile, JpegFile, PngFile, TiffFile {

  /** Columns, as the header claims them: any number above or below what is decoded. */
  int width();

  /** Rows, as the header claims them. */
  int height();

  /** Whether an ICC profile is embedded. */
  boolean hasColourProfile();

  /**
   * Decodes the image; asked for only once its sides have been found to be within bounds.
   *
   * @throws InvalidImageException if it is damaged
   * @throws IOException if a reader fails to start
   */
  GrayImage toGray() throws IOException;
}
