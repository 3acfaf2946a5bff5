package dev.cxr.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Detects DICOM files (PS3.10) and reads their Patient ID. {@link ImageDecoder} decodes their
 * pixels.
 *
 * <p>Supported are radiographs (modality CR, DX, DR, RG, OT, SC or none) in every transfer syntax
 * that is uncompressed (also deflated, big endian or encapsulated) or compressed by JPEG (8 bits,
 * lossless, or 12 bits and gray), JPEG-LS, JPEG 2000 or RLE; the decoder rejects others by name. Of
 * several frames it uses the first. It converts the stored values of a monochrome image to gray in
 * these steps:
 *
 * <ol>
 *   <li>the Modality LUT, or Rescale Slope and Intercept;
 *   <li>the first VOI LUT; without one the first window of Window Center and Width, by its VOI LUT
 *       Function LINEAR, LINEAR_EXACT or SIGMOID (PS3.3 C.11.2.1); without a window the smallest
 *       value of the stored bits becomes black and the largest white, so that 8-bit values do not
 *       change and a value has the same gray in every image. Files that store 12-bit values as 16
 *       bits without a window therefore become nearly black: an audit warns of them;
 *   <li>inversion if MONOCHROME1;
 *   <li>values of Pixel Padding Value and Range Limit become black.
 * </ol>
 *
 * <p>RGB and PALETTE COLOR become luma; of YBR the luma channel is used; windows do not apply to
 * colour. If spacing or aspect ratio say that pixels are not square by more than 1 %, the image is
 * stretched along the larger spacing. Overlays and presentation states are ignored.
 *
 * <p>What merely breaks the letter of the standard is read as other readers do, with a note in
 * {@link DecodedImage#notes}: a data set without file meta information or in another encoding than
 * named, unknown value representations, decimal commas, windows without width.
 *
 * <p>No message or note contains personal data from a header, only tags, byte positions, sizes and
 * names that are defined by the standard.
 */
public final class DicomMetadata {

  /** How the stored values of a DICOM image become gray, in three sentences. */
  public static final String PRESENTATION =
      "Stored values pass the Modality LUT or Rescale Slope and Intercept, then the first VOI LUT,"
          + " else a window, by default the first (LINEAR, LINEAR_EXACT or SIGMOID), else the range of the stored"
          + " bits becomes 0 to 255. MONOCHROME1 is inverted, padding becomes black, colour becomes"
          + " ITU-R BT.601 luma. Pixels that are not square are resampled to squares; of several"
          + " frames the first is used.";

  /** Contains the magic bytes, or the first data elements if there is no preamble. */
  private static final int FIRST_BYTES = 4096;

  private static final int MAX_HEADER_BYTES = 4 << 20;

  /** Contains the header of most images. */
  private static final int USUAL_HEADER_BYTES = 64 << 10;

  private DicomMetadata() {}

  /**
   * Checks whether a file is DICOM: it has {@code DICM} at byte 128, or begins with data elements
   * without preamble. Reads at most 4096 bytes.
   *
   * @param file any file
   * @return whether it is DICOM
   * @throws IOException if it cannot be read
   */
  public static boolean isDicom(Path file) throws IOException {
    return isDicom(readFirstBytes(file, FIRST_BYTES));
  }

  static boolean isDicom(byte[] file) {
    return DicomHeader.hasPreamble(file) || DicomHeader.startsWithElements(file);
  }

  /**
   * Distinguishes DICOM images from other DICOM files, which contain no pixels. Reads at most 4
   * MiB, for most files 64 KiB.
   *
   * @param file any file
   * @return what it contains, {@link DicomKind#IMAGE} if its header is damaged, larger than 4 MiB,
   *     or encoded in an unsupported way: decoding then says what is wrong
   * @throws IOException if it cannot be read
   */
  public static DicomKind kind(Path file) throws IOException {
    for (int limit : new int[] {USUAL_HEADER_BYTES, MAX_HEADER_BYTES}) {
      byte[] start = readFirstBytes(file, limit);
      try {
        return kind(start, start.length < limit);
      } catch (InvalidImageException e) {
        // The header is damaged or longer than the limit.
      }
    }
    return DicomKind.IMAGE;
  }

  private static DicomKind kind(byte[] file, boolean complete) throws InvalidImageException {
    if (!isDicom(file)) {
      return DicomKind.NOT_DICOM;
    }
    DicomKind kind = DicomKind.ofSopClass(DicomHeader.readUpTo(DicomTag.SOP_CLASS, file));
    if (kind != DicomKind.NO_PIXELS) {
      return kind;
    }
    if (DicomHeader.readUpTo(DicomTag.PIXEL_DATA, file).describesPixels()) {
      return DicomKind.IMAGE;
    }
    if (complete) {
      return kind;
    }
    throw InvalidImageException.truncated("more data elements", file.length);
  }

  /**
   * Reads the Patient ID of a DICOM file, to group images by patient. Use a hash of it: the id is
   * personal data. Reads the bytes before the pixels, at most 4 MiB.
   *
   * <p>Decodes the id as ISO 8859-1, whatever the character set of the file, and removes padding:
   * equal ids stay equal.
   *
   * @param file a DICOM file
   * @return the id; empty if the attribute is missing or has no value
   * @throws InvalidImageException if the file is not DICOM, is damaged before the id, or has an
   *     unknown transfer syntax; the message names the file
   * @throws IOException if the file cannot be read
   */
  public static Optional<String> patientId(Path file) throws IOException {
    byte[] header = readFirstBytes(file, MAX_HEADER_BYTES);
    try {
      if (!isDicom(header)) {
        throw InvalidImageException.of(
            "a DICOM file (DICM at byte 128)", "another format", "it has no Patient ID");
      }
      String id = DicomHeader.readUpTo(DicomTag.PATIENT_ID, header).text(DicomTag.PATIENT_ID);
      return id.isEmpty() ? Optional.empty() : Optional.of(id);
    } catch (InvalidImageException e) {
      throw e.withFile(file);
    }
  }

  private static byte[] readFirstBytes(Path file, int bytes) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(bytes);
    }
  }
}
