package dev.cxr.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads JPEG, PNG, TIFF and DICOM files as gray images, whole or not at all.
 *
 * <p>Stored samples become gray as they are: a colour profile, a gamma chunk or an orientation tag
 * changes nothing. Colour becomes ITU-R BT.601 luma, {@code 0.299 R + 0.587 G + 0.114 B} rounded;
 * where it is stored as luma and chroma (most JPEGs) the stored luma itself is taken, at most 1
 * from what its way over RGB would give. 16 bits become 8 by {@code v / 257} rounded, alpha is
 * ignored, of several pages the first counts. What a DICOM file says of the meaning of its samples
 * is heeded: see {@link Dicom}.
 *
 * <p>Damage is refused where it can be seen: a missing end, a broken structure, a wrong PNG
 * checksum, a decoder's warning. JPEG, TIFF and DICOM have no checksums, so a changed byte that
 * decodes to other pixels without a warning passes.
 *
 * <p>Memory: the file, at most one copy of it, and one byte a pixel; a progressive JPEG takes up to
 * 6 bytes a pixel more outside the heap.
 */
public final class ImageDecoder {
  private static final int MAX_FILE_BYTES = 64 << 20;
  private static final int MIN_SIDE = 16;
  private static final int MAX_SIDE = 16_384;
  private static final long MAX_PIXELS = 40_000_000;

  private ImageDecoder() {}

  /**
   * Reads an image from a file.
   *
   * @param file a JPEG, PNG, TIFF or DICOM file of at most 64 MiB, 16 to 16384 pixels a side and 40
   *     million in all; its bytes decide, not its name
   * @return the image at its own size
   * @throws InvalidImageException if the file is another format, out of these bounds, of a kind
   *     that is not read (CMYK, floating point, several frames, …), truncated or damaged; the
   *     message names it
   * @throws IOException if the file cannot be read
   */
  public static GrayImage decode(Path file) throws IOException {
    byte[] bytes = read(file);
    try {
      return decode(bytes);
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
  }

  /**
   * Reads an image from the bytes of a file.
   *
   * @param file as for {@link #decode(Path)}
   * @return the image at its own size
   * @throws InvalidImageException as for {@link #decode(Path)}
   * @throws IOException if a reader fails to start
   */
  public static GrayImage decode(byte[] file) throws IOException {
    return open(file).toGray();
  }

  /** All of a file, its size checked before a byte is read. */
  static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (!Files.isRegularFile(file)) {
      throw new InvalidImageException("expected a file, found another thing: give an image file")
          .withFile(file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      requireFileSize(size);
      var bytes = new byte[(int) size];
      int read = in.readNBytes(bytes, 0, bytes.length);
      return read < bytes.length ? Arrays.copyOf(bytes, read) : bytes;
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
  }

  /** Takes a file apart and checks its sides. */
  static ImageFile open(byte[] file) throws InvalidImageException {
    requireFileSize(file.length);
    ImageFile imageFile = ImageFormat.of(file).open(file);
    requireValidSize(imageFile.width(), imageFile.height());
    return imageFile;
  }

  private static void requireFileSize(long bytes) throws InvalidImageException {
    if (bytes > MAX_FILE_BYTES) {
      throw new InvalidImageException(
          "expected at most %d bytes, found %d: save a smaller image"
              .formatted(MAX_FILE_BYTES, bytes));
    }
  }

  /**
   * Checks the sides of an image before any of its pixels are read.
   *
   * @throws InvalidImageException if they are out of the bounds of {@link #decode(Path)}
   */
  public static void requireValidSize(int width, int height) throws InvalidImageException {
    if (Math.min(width, height) < MIN_SIDE
        || Math.max(width, height) > MAX_SIDE
        || (long) width * height > MAX_PIXELS) {
      throw new InvalidImageException(
          "expected sides of %d to %d and at most %d pixels, found %dx%d: resize the image"
              .formatted(MIN_SIDE, MAX_SIDE, MAX_PIXELS, width, height));
    }
  }
}
