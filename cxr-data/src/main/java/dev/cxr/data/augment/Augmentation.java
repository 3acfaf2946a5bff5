package dev.cxr.data.augment;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Random changes of training images. For each image and epoch every value is sampled uniformly and
 * independently from its range.
 *
 * <p>They are applied in this order:
 *
 * <ol>
 *   <li>gamma, then contrast, to the stored gray values;
 *   <li>mirror, zoom and aspect, shear, rotation, shift: one affine map about the centre, sampled
 *       bilinearly once;
 *   <li>brightness, blur, noise, erasing; each clamps to 0..1.
 * </ol>
 *
 * @param rotationDegrees rotation, clockwise; within -180..180
 * @param shearDegrees horizontal shear, to the right at the top; within -45..45
 * @param zoom magnification; within 0.5..2, 1 changes nothing
 * @param aspect change of width / height at the same area; within 0.5..2, 1 changes nothing
 * @param shift shift to the right and, sampled separately, downwards, as a fraction of the side;
 *     within -0.5..0.5
 * @param mirror whether half of the images are flipped left to right, which moves the heart to the
 *     right
 * @param edge the fill beyond the edge of the stored image
 * @param gamma exponent of the gray values in 0..1: above 1 darkens; within 0.2..5, 1 changes
 *     nothing. Sampled uniformly in its logarithm: 2 is as likely as 0.5
 * @param contrast factor of the distance from middle gray; within 0..3, 1 changes nothing
 * @param brightness added, as a fraction of full scale; within -1..1
 * @param blur share of a 3 x 3 mean filter: 1 is the mean, below 0 sharpens; within -1..1
 * @param noise standard deviation of Gaussian noise, as a fraction of full scale; within 0..0.5
 * @param erase area of a rectangle with random gray values in half of the images, as a fraction of
 *     the image; within 0..0.5. Random erasing (Zhong et al. 2020), with aspect ratios of 0.3 to
 *     1/0.3. It may remove the finding
 */
public record Augmentation(
    Range rotationDegrees,
    Range shearDegrees,
    Range zoom,
    Range aspect,
    Range shift,
    boolean mirror,
    EdgeMode edge,
    Range gamma,
    Range contrast,
    Range brightness,
    Range blur,
    Range noise,
    Range erase) {

  /** The fill beyond the edge of the stored image. */
  public enum EdgeMode {
    /** Repeats the outermost pixels. */
    REPEAT,
    /** Black. */
    BLACK;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** No augmentation. */
  public static final Augmentation NONE = new Builder().build();

  /** All kinds at strong ranges, which commands show by default. */
  public static final Augmentation ALL_KINDS =
      builder()
          .opt(AugmentationKind.ROTATION_DEGREES, -12, 12)
          .opt(AugmentationKind.SHEAR_DEGREES, -8, 8)
          .opt(AugmentationKind.ZOOM, 0.85, 1.2)
          .opt(AugmentationKind.ASPECT, 0.9, 1.1)
          .opt(AugmentationKind.SHIFT, -0.12, 0.12)
          .optMirror(true)
          .opt(AugmentationKind.GAMMA, 0.6, 1.65)
          .opt(AugmentationKind.CONTRAST, 0.6, 1.4)
          .opt(AugmentationKind.BRIGHTNESS, -0.15, 0.15)
          .opt(AugmentationKind.BLUR, -0.5, 1)
          .opt(AugmentationKind.NOISE, 0, 0.04)
          .opt(AugmentationKind.ERASE, 0.02, 0.15)
          .build();

  /**
   * Checks the ranges.
   *
   * @param rotationDegrees see {@link #rotationDegrees()}
   * @param shearDegrees see {@link #shearDegrees()}
   * @param zoom see {@link #zoom()}
   * @param aspect see {@link #aspect()}
   * @param shift see {@link #shift()}
   * @param mirror see {@link #mirror()}
   * @param edge see {@link #edge()}
   * @param gamma see {@link #gamma()}
   * @param contrast see {@link #contrast()}
   * @param brightness see {@link #brightness()}
   * @param blur see {@link #blur()}
   * @param noise see {@link #noise()}
   * @param erase see {@link #erase()}
   * @throws IllegalArgumentException if a range exceeds its limits; the message names its recipe
   *     key
   */
  public Augmentation {
    AugmentationKind.ROTATION_DEGREES.requireValid(rotationDegrees);
    AugmentationKind.SHEAR_DEGREES.requireValid(shearDegrees);
    AugmentationKind.ZOOM.requireValid(zoom);
    AugmentationKind.ASPECT.requireValid(aspect);
    AugmentationKind.SHIFT.requireValid(shift);
    AugmentationKind.GAMMA.requireValid(gamma);
    AugmentationKind.CONTRAST.requireValid(contrast);
    AugmentationKind.BRIGHTNESS.requireValid(brightness);
    AugmentationKind.BLUR.requireValid(blur);
    AugmentationKind.NOISE.requireValid(noise);
    AugmentationKind.ERASE.requireValid(erase);
  }

  /**
   * {@return the range of a kind}
   *
   * @param kind the kind
   */
  public Range range(AugmentationKind kind) {
    return switch (kind) {
      case ROTATION_DEGREES -> rotationDegrees;
      case SHEAR_DEGREES -> shearDegrees;
      case ZOOM -> zoom;
      case ASPECT -> aspect;
      case SHIFT -> shift;
      case GAMMA -> gamma;
      case CONTRAST -> contrast;
      case BRIGHTNESS -> brightness;
      case BLUR -> blur;
      case NOISE -> noise;
      case ERASE -> erase;
    };
  }

  boolean has(AugmentationKind kind) {
    return !range(kind).equals(kind.neutral());
  }

  /** {@return a builder that starts with no augmentation} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder that starts with this augmentation} */
  public Builder toBuilder() {
    Builder builder = new Builder().optMirror(mirror).optEdge(edge);
    for (AugmentationKind kind : AugmentationKind.values()) {
      builder.ranges.put(kind, range(kind));
    }
    return builder;
  }

  /** Builds an {@link Augmentation}. */
  public static final class Builder {

    private final Map<AugmentationKind, Range> ranges = new EnumMap<>(AugmentationKind.class);
    private boolean mirror;
    private EdgeMode edge = EdgeMode.REPEAT;

    private Builder() {}

    /**
     * Sets the range of a kind.
     *
     * @param kind the kind
     * @param from the minimum
     * @param to the maximum
     * @return this builder
     * @throws IllegalArgumentException if {@code from} is above {@code to}
     */
    public Builder opt(AugmentationKind kind, double from, double to) {
      ranges.put(kind, new Range(from, to));
      return this;
    }

    /**
     * Sets whether half of the images are flipped; not by default.
     *
     * @param enabled whether they are
     * @return this builder
     */
    public Builder optMirror(boolean enabled) {
      mirror = enabled;
      return this;
    }

    /**
     * Sets the fill beyond the edge; {@link EdgeMode#REPEAT} by default.
     *
     * @param mode the fill
     * @return this builder
     */
    public Builder optEdge(EdgeMode mode) {
      edge = mode;
      return this;
    }

    /**
     * {@return the augmentation}
     *
     * @throws IllegalArgumentException if a range exceeds its limits
     */
    public Augmentation build() {
      return new Augmentation(
          get(AugmentationKind.ROTATION_DEGREES),
          get(AugmentationKind.SHEAR_DEGREES),
          get(AugmentationKind.ZOOM),
          get(AugmentationKind.ASPECT),
          get(AugmentationKind.SHIFT),
          mirror,
          edge,
          get(AugmentationKind.GAMMA),
          get(AugmentationKind.CONTRAST),
          get(AugmentationKind.BRIGHTNESS),
          get(AugmentationKind.BLUR),
          get(AugmentationKind.NOISE),
          get(AugmentationKind.ERASE));
    }

    private Range get(AugmentationKind kind) {
      return ranges.getOrDefault(kind, kind.neutral());
    }
  }
}
