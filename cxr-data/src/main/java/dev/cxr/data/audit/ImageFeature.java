package dev.cxr.data.audit;

import com.google.gson.annotations.JsonAdapter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A property of an image that shows nothing of the lungs and may still separate the classes. */
@JsonAdapter(HyphenatedNames.class)
public enum ImageFeature {
  /** File size, in bytes. */
  FILE_BYTES("File size", "bytes", 0),
  /** Width, in pixels. */
  WIDTH("Width", "pixels", 0),
  /** Height, in pixels. */
  HEIGHT("Height", "pixels", 0),
  /** Width divided by height. */
  ASPECT_RATIO("Aspect ratio", "", 3),
  /** Width times height, in megapixels. */
  MEGAPIXELS("Area", "megapixels", 3),
  /** Mean of the pixels, 0 (black) to 255 (white). */
  MEAN_INTENSITY("Mean intensity", "0 to 255", 1),
  /** Standard deviation of the pixels. */
  CONTRAST("Contrast", "standard deviation", 1),
  /** 1 for a file with an ICC profile, 0 for one without. */
  ICC_PROFILE("ICC profile", "1 with, 0 without", 0);

  private final String title;
  private final String unit;
  private final int decimals;

  ImageFeature(String title, String unit, int decimals) {
    this.title = title;
    this.unit = unit;
    this.decimals = decimals;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** A phrase for the value that all images share. */
  String describeConstant(double value) {
    if (this == ICC_PROFILE) {
      return value == 0 ? "ICC profile: in no file" : "ICC profile: in every file";
    }
    return "%s: %s %s".formatted(title, format(value), unit).strip();
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Whether it is a property of the pixels and not only of the file. */
  boolean isVisibleToModel() {
    return this == MEAN_INTENSITY || this == CONTRAST;
  }

  /** The values in the order of the images; a synthetic image has no properties of a file. */
  double[] extract(List<ImageProperties> images) {
    return images.stream()
        .map(this::value)
        .flatMap(Optional::stream)
        .mapToDouble(Double::doubleValue)
        .toArray();
  }

  private Optional<Double> value(ImageProperties image) {
    return switch (this) {
      case FILE_BYTES -> image.file().map(file -> (double) file.bytes());
      case WIDTH -> Optional.of((double) image.width());
      case HEIGHT -> Optional.of((double) image.height());
      case ASPECT_RATIO -> Optional.of((double) image.width() / image.height());
      case MEGAPIXELS -> Optional.of((double) image.width() * image.height() / 1e6);
      case MEAN_INTENSITY -> Optional.of(image.mean());
      case CONTRAST -> Optional.of(image.contrast());
      case ICC_PROFILE -> image.file().map(file -> file.hasColourProfile() ? 1.0 : 0.0);
    };
  }
}
