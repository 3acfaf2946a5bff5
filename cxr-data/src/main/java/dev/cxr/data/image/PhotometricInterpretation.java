package dev.cxr.data.image;

import java.util.Set;

/** The supported meanings of DICOM samples (PS3.3 C.7.6.3.1.2). */
enum PhotometricInterpretation {
  MONOCHROME1(1),
  MONOCHROME2(1),
  PALETTE_COLOR(1),
  RGB(3),
  YBR_FULL(3),
  YBR_FULL_422(3),
  YBR_PARTIAL_422(3),
  YBR_PARTIAL_420(3),

  /** Of JPEG 2000, whose decoder returns RGB. */
  YBR_ICT(3),

  /** Of JPEG 2000, whose decoder returns RGB. */
  YBR_RCT(3);

  /** Defined terms, which messages may contain; other text could be personal. */
  private static final Set<String> KNOWN_UNSUPPORTED = Set.of("HSV", "ARGB", "CMYK", "XYB");

  private final int samples;

  PhotometricInterpretation(int samples) {
    this.samples = samples;
  }

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
      if (photometric.name().equals(text.replace(' ', '_'))) {
        if (samples != photometric.samples) {
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
        DicomTag.PHOTOMETRIC_INTERPRETATION + " as monochrome, PALETTE COLOR, RGB or YBR",
        found,
        "convert it to MONOCHROME2");
  }

  /** Whether values are rescaled and windowed. */
  boolean isMonochrome() {
    return this == MONOCHROME1 || this == MONOCHROME2;
  }

  /** Whether the samples are red, green and blue; otherwise the first of three is luma. */
  boolean isRgb() {
    return this == RGB || this == YBR_ICT || this == YBR_RCT;
  }

  /** Whether pairs of uncompressed pixels share their chroma. */
  boolean isSubsampled() {
    return this == YBR_FULL_422 || this == YBR_PARTIAL_422;
  }

  /** Whether luma is in 16 to 235 instead of 0 to 255. */
  boolean isPartial() {
    return this == YBR_PARTIAL_422 || this == YBR_PARTIAL_420;
  }

  /** Samples per pixel. */
  int samples() {
    return samples;
  }
}
