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
 * <p>Supported are radiographs (modality CR, DX, DR, RG, OT, SC or none) of one frame in Implicit
 * or Explicit VR Little Endian, or JPEG Baseline; the decoder rejects others by name. It converts
 * stored values of a monochrome image to gray in three steps:
 *
 * <ol>
 *   <li>Rescale Slope and Intercept;
 *   <li>the first window of Window Center and Width, by the linear function of PS3.3 C.11.2.1.2 for
 *       any VOI LUT Function; without a window the smallest value of the stored bits becomes black
 *       and the largest white, so that 8-bit values do not change and a value has the same gray in
 *       every image;
 *   <li>inversion if MONOCHROME1.
 * </ol>
 *
 * <p>RGB becomes luma; of YBR_FULL and YBR_FULL_422 the luma channel is used; windows do not apply
 * to colour. Overlays, padding values and display lookup tables are ignored; a Modality LUT
 * Sequence is rejected.
 *
 * <p>No message contains personal data from a header, only tags, byte positions, sizes and names
 * that are defined by the standard.
 */
public final class DicomMetadata {

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
   * Tells DICOM images from other DICOM files, which contain no pixels. Reads at most 4 MiB, for
   * most files 64 KiB.
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
   * @throws InvalidImageException if the file is not DICOM, is damaged before the id, or has a
   *     compressed or big endian header; the message names the file
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
