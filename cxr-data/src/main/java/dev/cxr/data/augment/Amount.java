package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.Edge;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One kind of augmentation that has a range, for showing it.
 *
 * @param range its range in an augmentation
 * @param setter of its range
 * @param caption what a picture was given of it; empty if nothing
 */
record Amount(Function<Augmentation, Range> range, Setter setter, Function<Draw, String> caption) {

  /** Sets a range of a builder. */
  @FunctionalInterface
  interface Setter {
    Augmentation.Builder set(Augmentation.Builder builder, double from, double to);
  }

  /** In the order of a recipe. */
  static final List<Amount> ALL =
      List.of(
          new Amount(
              Augmentation::rotationDegrees,
              Augmentation.Builder::optRotationDegrees,
              draw -> text("rotation %+.0f°", draw.rotationDegrees())),
          new Amount(
              Augmentation::shearDegrees,
              Augmentation.Builder::optShearDegrees,
              draw -> text("shear %+.0f°", draw.shearDegrees())),
          new Amount(
              Augmentation::zoom,
              Augmentation.Builder::optZoom,
              draw -> text("zoom %.2f", draw.zoom())),
          new Amount(
              Augmentation::aspect,
              Augmentation.Builder::optAspect,
              draw -> text("aspect %.2f", draw.aspect())),
          new Amount(
              Augmentation::shift,
              Augmentation.Builder::optShift,
              draw -> text("shift %+.2f %+.2f", draw.shiftX(), draw.shiftY())),
          new Amount(
              Augmentation::gamma,
              Augmentation.Builder::optGamma,
              draw -> text("gamma %.2f", draw.gamma())),
          new Amount(
              Augmentation::contrast,
              Augmentation.Builder::optContrast,
              draw -> text("contrast %.2f", draw.contrast())),
          new Amount(
              Augmentation::brightness,
              Augmentation.Builder::optBrightness,
              draw -> text("brightness %+.2f", draw.brightness())),
          new Amount(
              Augmentation::blur,
              Augmentation.Builder::optBlur,
              draw -> text("blur %+.2f", draw.blur())),
          new Amount(
              Augmentation::noise,
              Augmentation.Builder::optNoise,
              draw -> text("noise %.3f", draw.noise())),
          new Amount(
              Augmentation::erase,
              Augmentation.Builder::optErase,
              draw -> draw.erased() == 0 ? "" : text("erase %.2f", draw.erased())));

  boolean isPartOf(Augmentation augmentation) {
    return !range.apply(augmentation).equals(range.apply(Augmentation.NONE));
  }

  /** This alone, at one value. */
  Augmentation alone(double value, Edge edge) {
    return setter.set(Augmentation.builder().optEdge(edge), value, value).build();
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
