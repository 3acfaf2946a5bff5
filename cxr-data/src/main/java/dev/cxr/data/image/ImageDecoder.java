package dev.cxr.data.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Decodes JPEG, PNG, TIFF and DICOM files as gray images.
 *
 * <p>Colour profiles, gamma and orientation tags are ignored. Colour becomes ITU-R BT.601 luma,
 * {@code 0.299 R + 0.587 G + 0.114 B} rounded; if the file stores luma and chroma (most JPEGs), its
 * luma is used, which differs by at most 1 from a conversion through RGB that clips nothing. 16
 * bits become 8 by {@code v / 257} rounded. Alpha and further pages are ignored. {@link
 * DicomMetadata} describes how DICOM values become gray.
 *
 * <p>Damage is rejected where it can be detected: a missing end, a broken structure, a wrong PNG
 * checksum, a warning of the decoder. JPEG, TIFF and DICOM have no checksums, so a changed byte
 * that decodes to other pixels without a warning is not detected.
 *
 * <p>Memory: the file, at most one copy of it, and one byte per pixel; a progressive JPEG needs up
 * to 6 more bytes per pixel outside the heap. A compressed DICOM file also needs its uncompressed
 * samples, with JPEG 2000 another 10 bytes for each.
 *
 * @since 0.1
 */
public final class ImageDecoder {
  private static final int MAX_FILE_BYTES = 64 << 20;

  private ImageDecoder() {}

  /**
   * Decodes a file.
   *
   * @param file a JPEG, PNG, TIFF or DICOM file of at most 64 MiB with sides of 16 to 16384 pixels
   *     and at most 40 million pixels; its bytes determine the format, not its name
   * @return the image at its original size, stretched if a DICOM file has pixels that are not
   *     square
   * @throws InvalidImageException if the file has another format or exceeds these limits, if it is
   *     unsupported (CMYK, floating point, …), truncated or damaged; the message names the file
   * @throws IOException if the file cannot be read
   */
  public static GrayImage decode(Path file) throws IOException {
    return decode(file, 1);
  }

  /**
   * Decodes a file with a window.
   *
   * @param file as for {@link #decode(Path)}
   * @param window which of several windows of a DICOM file to apply, from 1; the last if it has
   *     fewer
   * @return the image at its original size
   * @throws InvalidImageException as for {@link #decode(Path)}
   * @throws IOException if the file cannot be read
   */
  public static GrayImage decode(Path file, int window) throws IOException {
    return decodeWithNotes(file, window).image();
  }

  /**
   * Decodes a file and says what in it breaks the standard.
   *
   * @param file as for {@link #decode(Path)}
   * @param window as for {@link #decode(Path, int)}
   * @return the image at its original size, with notes
   * @throws InvalidImageException as for {@link #decode(Path)}
   * @throws IOException if the file cannot be read
   */
  public static DecodedImage decodeWithNotes(Path file, int window) throws IOException {
    byte[] bytes = read(file);
    try {
      return decodeWithNotes(bytes, window);
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
  }

  /**
   * Decodes the bytes of a file.
   *
   * @param file as for {@link #decode(Path)}
   * @return the image at its original size
   * @throws InvalidImageException as for {@link #decode(Path)}
   * @throws IOException if a reader fails to start
   */
  public static GrayImage decode(byte[] file) throws IOException {
    return decode(file, 1);
  }

  /**
   * Decodes the bytes of a file with a window.
   *
   * @param file as for {@link #decode(Path)}
   * @param window as for {@link #decode(Path, int)}
   * @return the image at its original size
   * @throws InvalidImageException as for {@link #decode(Path)}
   * @throws IOException if a reader fails to start
   */
  public static GrayImage decode(byte[] file, int window) throws IOException {
    return decodeWithNotes(file, window).image();
  }

  private static DecodedImage decodeWithNotes(byte[] file, int window) throws IOException {
    ImageFile imageFile = open(file);
    imageFile.window = window;
    GrayImage image = imageFile.toGray();
    return new DecodedImage(image, List.copyOf(imageFile.notes()));
  }

  /** Reads a file after checking its size. */
  static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    try {
      if (!Files.isRegularFile(file)) {
        throw InvalidImageException.of("a file", "a folder or device", "give an image file");
      }
      requireFileSize(size);
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
    return Files.readAllBytes(file);
  }

  /** Parses a file and checks its size in pixels. */
  static ImageFile open(byte[] file) throws InvalidImageException {
    requireFileSize(file.length);
    ImageFile imageFile = ImageFormat.of(file).open(file);
    ImageFile.requireValidSize(imageFile.width, imageFile.height);
    return imageFile;
  }

  private static void requireFileSize(long bytes) throws InvalidImageException {
    if (bytes > MAX_FILE_BYTES) {
      throw InvalidImageException.of(
          "at most %d bytes".formatted(MAX_FILE_BYTES), bytes, "save a smaller image");
    }
  }

  /**
   * Checks the size of an image before its pixels are decoded.
   *
   * @param width columns
   * @param height rows
   * @throws InvalidImageException if they exceed the limits of {@link #decode(Path)}
   */
  public static void requireValidSize(int width, int height) throws InvalidImageException {
    ImageFile.requireValidSize(width, height);
  }
}
