package dev.cxr.data.image;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Properties of an image file that are known without decoding pixels. Models must not see them.
 *
 * @param bytes the size of the file
 * @param width columns
 * @param height rows
 * @param hasColourProfile whether an ICC profile is embedded: a JPEG's APP2 segment, a PNG's {@code
 *     iCCP} chunk, a TIFF's tag 34675; false for DICOM
 */
public record ImageHeader(long bytes, int width, int height, boolean hasColourProfile) {

  /**
   * Reads the header of an image file.
   *
   * @param file as for {@link ImageDecoder#decode(Path)}
   * @return its properties
   * @throws InvalidImageException as there, but damage to the pixels is not detected
   * @throws IOException if the file cannot be read
   */
  public static ImageHeader read(Path file) throws IOException {
    byte[] bytes = ImageDecoder.read(file);
    try {
      ImageFile imageFile = ImageDecoder.open(bytes);
      return new ImageHeader(
          bytes.length, imageFile.width, imageFile.height, imageFile.hasColourProfile);
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
  }
}
