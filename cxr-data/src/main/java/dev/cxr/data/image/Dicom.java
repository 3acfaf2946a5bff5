package dev.cxr.data.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * DICOM files (PS3.10): how they are known and whose they are. Their pixels come by {@link
 * ImageDecoder}, as any other file's do.
 *
 * <p>Read are radiographs (modality CR, DX, DR, RG, OT, SC or none) of one frame in Implicit or
 * Explicit VR Little Endian, or JPEG Baseline; anything else is refused by name. Stored values of a
 * monochrome image become gray so:
 *
 * <ol>
 *   <li>rescaled by Rescale Slope and Intercept;
 *   <li>through the first window of Window Center and Width by the linear function of PS3.3
 *       C.11.2.1.2, whatever the file's VOI LUT Function; without a window the smallest value that
 *       the stored bits can hold becomes black and the largest white, so that 8-bit values stay as
 *       they are and a value has the same gray in every image;
 *   <li>inverted if MONOCHROME1.
 * </ol>
 *
 * <p>RGB becomes luma as everywhere, of YBR_FULL and YBR_FULL_422 the luma channel is taken;
 * windows do not apply to colour. Overlays, padding values and lookup tables for display are not
 * heeded; a Modality LUT Sequence is refused.
 *
 * <p>No message repeats what a header says of a person: messages tell tags, byte positions, sizes
 * and names that the standard knows.
 */
public final class Dicom {

  private static final int MAGIC_OFFSET = 128;
  private static final int MAGIC_END = MAGIC_OFFSET + 4;
  private static final int MAX_HEADER_BYTES = 4 << 20;

  private Dicom() {}

  /**
   * Whether a file is DICOM: {@code DICM} at byte 128. Reads no more than that.
   *
   * @param file any file
   * @throws IOException if it cannot be read
   */
  public static boolean isDicom(Path file) throws IOException {
    return isDicom(readFirstBytes(file, MAGIC_END));
  }

  static boolean isDicom(byte[] file) {
    return file.length >= MAGIC_END
        && file[MAGIC_OFFSET] == 'D'
        && file[MAGIC_OFFSET + 1] == 'I'
        && file[MAGIC_OFFSET + 2] == 'C'
        && file[MAGIC_OFFSET + 3] == 'M';
  }

  /**
   * The Patient ID of a DICOM file, to tell which images are of one patient and for nothing else:
   * hash it before it is kept or shown. Reads what stands before the pixels, 4 MiB at most.
   *
   * <p>Its bytes are taken as ISO 8859-1 whatever the file's character set, the padding around them
   * dropped: equal IDs stay equal.
   *
   * @param file a DICOM file
   * @return the ID as it stands there; empty if the attribute is missing or has no value
   * @throws InvalidImageException if the file is no DICOM file, is damaged before the ID, or its
   *     header is compressed or in big endian; the message names the file
   * @throws IOException if the file cannot be read
   */
  public static Optional<String> patientId(Path file) throws IOException {
    byte[] header = readFirstBytes(file, MAX_HEADER_BYTES);
    try {
      if (!isDicom(header)) {
        throw new InvalidImageException(
            "expected a DICOM file (DICM at byte 128), found another: ask for no Patient ID of it");
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
