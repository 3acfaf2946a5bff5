package dev.cxr.data.audit;

import com.google.gson.annotations.SerializedName;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** A property of an image that shows nothing of the lungs and may still separate the classes. */
public enum ImageFeature {
  /** File size, in bytes. */
  @SerializedName("file-bytes")
  FILE_BYTES("File size", "bytes", 0) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return facts
          .file()
          .map(f -> OptionalDouble.of((double) f.bytes()))
          .orElse(OptionalDouble.empty());
    }
  },
  /** Width, in pixels. */
  @SerializedName("width")
  WIDTH("Width", "pixels", 0) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of(facts.width());
    }
  },
  /** Height, in pixels. */
  @SerializedName("height")
  HEIGHT("Height", "pixels", 0) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of(facts.height());
    }
  },
  /** Width divided by height. */
  @SerializedName("aspect-ratio")
  ASPECT_RATIO("Aspect ratio", "", 3) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of((double) facts.width() / facts.height());
    }
  },
  /** Width times height, in megapixels. */
  @SerializedName("megapixels")
  MEGAPIXELS("Area", "megapixels", 3) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of((double) facts.width() * facts.height() / 1e6);
    }
  },
  /** Mean of the pixels, 0 (black) to 255 (white). */
  @SerializedName("mean-intensity")
  MEAN_INTENSITY("Mean intensity", "0 to 255", 1) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of(facts.mean());
    }
  },
  /** Standard deviation of the pixels. */
  @SerializedName("contrast")
  CONTRAST("Contrast", "standard deviation", 1) {
    @Override
    OptionalDouble extract(ImageProperties facts) {
      return OptionalDouble.of(facts.contrast());
    }
  },
  /** 1 for a file with an ICC profile, 0 for one without. */
  @SerializedName("icc-profile")
  ICC_PROFILE("ICC profile", "1 with, 0 without", 0) {
    @Override
    String describeConstant(double value) {
      return value == 0 ? "ICC profile: in no file" : "ICC profile: in every file";
    }

    @Override
    OptionalDouble extract(ImageProperties facts) {
      return facts
          .file()
          .map(f -> OptionalDouble.of(f.hasColourProfile() ? 1 : 0))
          .orElse(OptionalDouble.empty());
    }
  };

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
    return "%s: %s %s".formatted(title, format(value), unit).strip();
  }

  String format(double value) {
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** Whether it is a property of the pixels and not only of the file. */
  boolean isVisibleToModel() {
    return this == MEAN_INTENSITY || this == CONTRAST;
  }

  /** The value of one image; empty for file properties of a synthetic image. */
  abstract OptionalDouble extract(ImageProperties facts);

  /** The values of the images that have the feature, in their order. */
  double[] extract(List<ImageProperties> facts) {
    return facts.stream().map(this::extract).flatMapToDouble(OptionalDouble::stream).toArray();
  }
}
