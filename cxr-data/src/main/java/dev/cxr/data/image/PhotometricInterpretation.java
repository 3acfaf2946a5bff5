package dev.cxr.data.image;

import java.util.Set;

/** The supported meanings of DICOM samples (PS3.3 C.7.6.3.1.2). */
enum PhotometricInterpretation {
  MONOCHROME1,
  MONOCHROME2,
  RGB,
  YBR_FULL,
  YBR_FULL_422;

  /** Defined terms, which messages may contain; other text could be personal. */
  private static final Set<String> KNOWN_UNSUPPORTED =
      Set.of(
          "PALETTE COLOR,HSV,ARGB,CMYK,YBR_PARTIAL_422,YBR_PARTIAL_420,YBR_ICT,YBR_RCT,XYB"
              .split(","));

  /**
   * Reads the attribute of a file.
   *
   * @throws InvalidImageException if it is missing or unsupported, or the number of samples is
   *     wrong
   */
  static PhotometricInterpretation of(DicomHeader header) throws InvalidImageException {
    String text = header.text(DicomTag.PHOTOMETRIC_INTERPRETATION);
    int samples = header.number(DicomTag.SAMPLES_PER_PIXEL, 1);
    for (PhotometricInterpretation photometric : values()) {
      if (photometric.name().equals(text)) {
        if (samples != photometric.samples()) {
          throw unsupported("%s of %d samples per pixel".formatted(text, samples));
        }
        return photometric;
      }
    }
    throw unsupported(
        KNOWN_UNSUPPORTED.contains(text) ? text : text.isEmpty() ? "none" : "an unknown one");
  }

  private static InvalidImageException unsupported(String found) {
    return InvalidImageException.of(
        DicomTag.PHOTOMETRIC_INTERPRETATION
            + " as MONOCHROME1, MONOCHROME2, RGB, YBR_FULL or YBR_FULL_422",
        found,
        "convert it to MONOCHROME2");
  }

  boolean isMonochrome() {
    return this == MONOCHROME1 || this == MONOCHROME2;
  }

  /** Samples per pixel. */
  int samples() {
    return isMonochrome() ? 1 : 3;
  }
}
