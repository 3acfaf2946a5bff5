package dev.cxr.data.image;

import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Lookup table from the stored values of a monochrome DICOM image to gray: see {@link
 * DicomMetadata}.
 */
final class DicomGrayscaleLut {

  private final int bits;
  private final boolean isSigned;
  private final double slope;
  private final double intercept;
  private final @Nullable Window window;
  private final boolean isInverted;

  /** The linear function of PS3.3 C.11.2.1.2, with results in [0, 255]. */
  private record Window(double centre, double width) {
    double gray(double value) {
      double offset = value - (centre - 0.5);
      double half = (width - 1) / 2;
      return offset <= -half ? 0 : offset > half ? 255 : (offset / (width - 1) + 0.5) * 255;
    }
  }

  /**
   * Reads rescaling and window from a header.
   *
   * @param bits of a stored value, 1 to 16
   * @throws InvalidImageException if one of the numbers is invalid
   */
  DicomGrayscaleLut(DicomHeader header, int bits) throws InvalidImageException {
    this.bits = bits;
    isSigned = header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1;
    slope = header.decimal(DicomTag.RESCALE_SLOPE).orElse(1);
    intercept = header.decimal(DicomTag.RESCALE_INTERCEPT).orElse(0);
    isInverted = PhotometricInterpretation.of(header) == PhotometricInterpretation.MONOCHROME1;
    OptionalDouble centre = header.decimal(DicomTag.WINDOW_CENTER);
    OptionalDouble width = header.decimal(DicomTag.WINDOW_WIDTH);
    window =
        centre.isPresent() && width.isPresent()
            ? new Window(centre.getAsDouble(), width.getAsDouble())
            : null;
    int lowest = lowest();
    if (rescaled(lowest) == rescaled(lowest + (1 << bits) - 1)) {
      throw InvalidImageException.damaged(
          DicomTag.RESCALE_SLOPE + " that keeps values different", "one that makes them equal");
    }
    if (window != null && window.width < 1) {
      throw InvalidImageException.damaged(DicomTag.WINDOW_WIDTH + " of 1 or more", "less");
    }
  }

  /** The gray for each pattern of {@link #bits} bits. */
  byte[] table() {
    int lowest = lowest();
    double first = rescaled(lowest);
    double last = rescaled(lowest + (1 << bits) - 1);
    double black = Math.min(first, last);
    double range = Math.abs(last - first);
    var grays = new byte[1 << bits];
    for (int pattern = 0; pattern < grays.length; pattern++) {
      double value = rescaled(storedValue(pattern));
      double gray = window == null ? (value - black) / range * 255 : window.gray(value);
      int rounded = (int) Math.round(Math.max(0, Math.min(255, gray)));
      grays[pattern] = (byte) (isInverted ? 255 - rounded : rounded);
    }
    return grays;
  }

  /** The value of a bit pattern. */
  private int storedValue(int pattern) {
    int above = 32 - bits;
    return isSigned ? pattern << above >> above : pattern;
  }

  private int lowest() {
    return isSigned ? -(1 << (bits - 1)) : 0;
  }

  private double rescaled(int value) {
    return value * slope + intercept;
  }
}
