package dev.cxr.data.image;

import java.util.Set;

/** How the samples of a DICOM picture make up a pixel (PS3.3 C.7.6.3.1.2): what is read. */
enum Photometric {
  MONOCHROME1,
  MONOCHROME2,
  RGB,
  YBR_FULL,
  YBR_FULL_422;

  /** Those that a message may repeat; other text could be anything. */
  private static final Set<String> OTHERS =
      Set.of(
          "PALETTE COLOR",
          "HSV",
          "ARGB",
          "CMYK",
          "YBR_PARTIAL_422",
          "YBR_PARTIAL_420",
          "YBR_ICT",
          "YBR_RCT",
          "XYB");

  /**
   * That of a file.
   *
   * @throws ImageRefusedException if it is missing, is not read, or has another number of samples
   */
  static Photometric of(DicomHeader header) throws ImageRefusedException {
    String text = header.text(DicomTag.PHOTOMETRIC_INTERPRETATION);
    int samples = header.number(DicomTag.SAMPLES_PER_PIXEL, 1);
    for (Photometric photometric : values()) {
      if (photometric.name().equals(text)) {
        if (samples != photometric.samples()) {
          throw refusal("%s of %d samples a pixel".formatted(text, samples));
        }
        return photometric;
      }
    }
    throw refusal(OTHERS.contains(text) ? text : text.isEmpty() ? "none" : "an unknown one");
  }

  private static ImageRefusedException refusal(String found) {
    return new ImageRefusedException(
        "expected %s as MONOCHROME1, MONOCHROME2, RGB, YBR_FULL or YBR_FULL_422, found %s: convert"
                .formatted(DicomTag.PHOTOMETRIC_INTERPRETATION, found)
            + " it to MONOCHROME2");
  }

  boolean isMonochrome() {
    return this == MONOCHROME1 || this == MONOCHROME2;
  }

  /** Samples a pixel. */
  int samples() {
    return isMonochrome() ? 1 : 3;
  }
}
