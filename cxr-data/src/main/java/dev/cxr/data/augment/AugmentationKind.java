package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.EdgeMode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * One kind of augmentation that has a range, for the contact sheet.
 *
 * @param range reads its range
 * @param setter sets its range
 * @param caption its sampled value; empty if it has no effect
 */
record AugmentationKind(
    Function<Augmentation, Range> range,
    Setter setter,
    Function<AugmentationParams, String> caption) {

  @FunctionalInterface
  interface Setter {
    Augmentation.Builder set(Augmentation.Builder builder, double from, double to);
  }

  /** In the order of a recipe. */
  static final List<AugmentationKind> ALL =
      List.of(
          new AugmentationKind(
              Augmentation::rotationDegrees,
              Augmentation.Builder::optRotationDegrees,
              draw -> format("rotation %+.0f°", draw.rotationDegrees())),
          new AugmentationKind(
              Augmentation::shearDegrees,
              Augmentation.Builder::optShearDegrees,
              draw -> format("shear %+.0f°", draw.shearDegrees())),
          new AugmentationKind(
              Augmentation::zoom,
              Augmentation.Builder::optZoom,
              draw -> format("zoom %.2f", draw.zoom())),
          new AugmentationKind(
              Augmentation::aspect,
              Augmentation.Builder::optAspect,
              draw -> format("aspect %.2f", draw.aspect())),
          new AugmentationKind(
              Augmentation::shift,
              Augmentation.Builder::optShift,
              draw -> format("shift %+.2f %+.2f", draw.shiftX(), draw.shiftY())),
          new AugmentationKind(
              Augmentation::gamma,
              Augmentation.Builder::optGamma,
              draw -> format("gamma %.2f", draw.gamma())),
          new AugmentationKind(
              Augmentation::contrast,
              Augmentation.Builder::optContrast,
              draw -> format("contrast %.2f", draw.contrast())),
          new AugmentationKind(
              Augmentation::brightness,
              Augmentation.Builder::optBrightness,
              draw -> format("brightness %+.2f", draw.brightness())),
          new AugmentationKind(
              Augmentation::blur,
              Augmentation.Builder::optBlur,
              draw -> format("blur %+.2f", draw.blur())),
          new AugmentationKind(
              Augmentation::noise,
              Augmentation.Builder::optNoise,
              draw -> format("noise %.3f", draw.noise())),
          new AugmentationKind(
              Augmentation::erase,
              Augmentation.Builder::optErase,
              draw -> draw.erasedArea() == 0 ? "" : format("erase %.2f", draw.erasedArea())));

  boolean isActiveIn(Augmentation augmentation) {
    return !range.apply(augmentation).equals(range.apply(Augmentation.NONE));
  }

  /** An augmentation with only this kind, at one value. */
  Augmentation only(double value, EdgeMode edge) {
    return setter.set(Augmentation.builder().optEdge(edge), value, value).build();
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
