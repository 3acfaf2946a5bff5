package dev.cxr.data.image;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Lookup table from the stored values of a monochrome DICOM image to gray: see {@link
 * DicomMetadata}.
 */
final class DicomGrayscaleLut {

  /** Without a value it is linear. */
  private static final Set<String> VOI_FUNCTIONS = Set.of("", "LINEAR", "LINEAR_EXACT", "SIGMOID");

  private final DicomHeader header;
  private final int bits;
  private final boolean isSigned;
  private final double slope;
  private final double intercept;
  private final @Nullable DicomLut modality;
  private final DoubleUnaryOperator presentation;
  private final boolean isInverted;

  /**
   * Reads what changes the stored values from a header.
   *
   * @param bits of a stored value, 1 to 16
   * @param windowNumber which window to apply, from 1; the last if there are fewer
   * @throws InvalidImageException if one of the numbers is invalid
   */
  DicomGrayscaleLut(DicomHeader header, int bits, int windowNumber) throws InvalidImageException {
    this.header = header;
    this.bits = bits;
    isSigned = header.number(DicomTag.PIXEL_REPRESENTATION, 0) == 1;
    slope = header.decimal(DicomTag.RESCALE_SLOPE).orElse(1);
    intercept = header.decimal(DicomTag.RESCALE_INTERCEPT).orElse(0);
    modality = DicomLut.ofSequence(header, DicomTag.MODALITY_LUT, isSigned).orElse(null);
    presentation = presentation(windowNumber);
    isInverted = PhotometricInterpretation.of(header) == PhotometricInterpretation.MONOCHROME1;
  }

  /** From rescaled values to [0, 255]: the VOI LUT, the window, or the range of values. */
  private DoubleUnaryOperator presentation(int windowNumber) throws InvalidImageException {
    double first = modality == null ? rescaled(lowest()) : 0;
    double last = modality == null ? rescaled(lowest() + (1 << bits) - 1) : modality.largest();
    if (first == last) {
      throw InvalidImageException.damaged(
          DicomTag.RESCALE_SLOPE + " that keeps values different", "one that makes them equal");
    }
    Optional<DicomLut> lut =
        DicomLut.ofSequence(header, DicomTag.VOI_LUT, isSigned && modality == null);
    if (lut.isPresent()) {
      return value -> lut.get().at(value) * 255.0 / lut.get().largest();
    }
    OptionalDouble center = header.decimal(DicomTag.WINDOW_CENTER);
    OptionalDouble width = header.decimal(DicomTag.WINDOW_WIDTH);
    for (int i = 1; i < windowNumber && center.isPresent() && width.isPresent(); i++) {
      OptionalDouble nextCenter = header.decimalAt(DicomTag.WINDOW_CENTER, i);
      OptionalDouble nextWidth = header.decimalAt(DicomTag.WINDOW_WIDTH, i);
      if (nextCenter.isEmpty() || nextWidth.isEmpty()) {
        break;
      }
      center = nextCenter;
      width = nextWidth;
    }
    if (center.isPresent() && width.isPresent()) {
      DoubleUnaryOperator window = window(center.getAsDouble(), width.getAsDouble());
      if (window != null) {
        return window;
      }
      header.notes().add(DicomNotes.INVALID_WINDOW);
    }
    double black = Math.min(first, last);
    double range = Math.abs(last - first);
    return value -> (value - black) / range * 255;
  }

  /** The functions of PS3.3 C.11.2.1.2 and C.11.2.1.3; null if the width is too small. */
  private @Nullable DoubleUnaryOperator window(double center, double width) {
    String function = header.text(DicomTag.VOI_LUT_FUNCTION);
    if (!VOI_FUNCTIONS.contains(function)) {
      header.notes().add(DicomNotes.UNKNOWN_VOI_FUNCTION);
    }
    boolean isExact = function.equals("LINEAR_EXACT");
    boolean isSigmoid = function.equals("SIGMOID");
    if (width <= 0 || (width < 1 && !isExact && !isSigmoid)) {
      return null;
    }
    return isSigmoid
        ? value -> 255 / (1 + Math.exp(-4 * (value - center) / width))
        : isExact
            ? value -> ((value - center) / width + 0.5) * 255
            : value -> linear(value - (center - 0.5), width);
  }

  private static double linear(double offset, double width) {
    double half = (width - 1) / 2;
    return offset <= -half ? 0 : offset > half ? 255 : (offset / (width - 1) + 0.5) * 255;
  }

  /** The gray for each pattern of {@link #bits} bits. */
  byte[] table() throws InvalidImageException {
    var grays = new byte[1 << bits];
    for (int pattern = 0; pattern < grays.length; pattern++) {
      int stored = storedValue(pattern);
      double gray =
          presentation.applyAsDouble(modality == null ? rescaled(stored) : modality.at(stored));
      int rounded = (int) Math.round(Math.max(0, Math.min(255, gray)));
      grays[pattern] = (byte) (isInverted ? 255 - rounded : rounded);
    }
    blacken(grays);
    return grays;
  }

  /** Makes the padding around an image black (PS3.3 C.7.5.1.1.2). */
  private void blacken(byte[] grays) throws InvalidImageException {
    if (header.has(DicomTag.PIXEL_PADDING_VALUE)) {
      int one = padding(DicomTag.PIXEL_PADDING_VALUE, 0);
      int other = padding(DicomTag.PIXEL_PADDING_RANGE_LIMIT, one);
      for (int pattern = 0; pattern < grays.length; pattern++) {
        int stored = storedValue(pattern);
        if (stored >= Math.min(one, other) && stored <= Math.max(one, other)) {
          grays[pattern] = 0;
        }
      }
    }
  }

  private int padding(DicomTag tag, int ifMissing) throws InvalidImageException {
    int value = header.number(tag, ifMissing);
    return isSigned ? (short) value : value;
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
