package dev.cxr.data.augment;

import java.util.Locale;

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

  private static final Range ZERO = Range.exactly(0);
  private static final Range ONE = Range.exactly(1);

  /** No augmentation. */
  public static final Augmentation NONE =
      new Augmentation(
          ZERO, ZERO, ONE, ONE, ZERO, false, EdgeMode.REPEAT, ONE, ONE, ZERO, ZERO, ZERO, ZERO);

  /** All kinds at strong ranges, which commands show by default. */
  public static final Augmentation ALL_KINDS =
      builder()
          .optRotationDegrees(-12, 12)
          .optShearDegrees(-8, 8)
          .optZoom(0.85, 1.2)
          .optAspect(0.9, 1.1)
          .optShift(-0.12, 0.12)
          .optMirror(true)
          .optGamma(0.6, 1.65)
          .optContrast(0.6, 1.4)
          .optBrightness(-0.15, 0.15)
          .optBlur(-0.5, 1)
          .optNoise(0, 0.04)
          .optErase(0.02, 0.15)
          .build();

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a range exceeds its limits; the message names its recipe
   *     key
   */
  public Augmentation {
    requireWithin(-180, 180, rotationDegrees, "rotation-degrees");
    requireWithin(-45, 45, shearDegrees, "shear-degrees");
    requireWithin(0.5, 2, zoom, "zoom");
    requireWithin(0.5, 2, aspect, "aspect");
    requireWithin(-0.5, 0.5, shift, "shift");
    requireWithin(0.2, 5, gamma, "gamma");
    requireWithin(0, 3, contrast, "contrast");
    requireWithin(-1, 1, brightness, "brightness");
    requireWithin(-1, 1, blur, "blur");
    requireWithin(0, 0.5, noise, "noise");
    requireWithin(0, 0.5, erase, "erase");
  }

  private static void requireWithin(double min, double max, Range range, String name) {
    Range limits = new Range(min, max);
    if (!range.isWithin(limits)) {
      throw new IllegalArgumentException("%s: within %s, not %s".formatted(name, limits, range));
    }
  }

  /** {@return a builder that starts with no augmentation} */
  public static Builder builder() {
    return NONE.toBuilder();
  }

  /** {@return a builder that starts with this augmentation} */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Builds an {@link Augmentation}. */
  public static final class Builder {

    private Range rotationDegrees;
    private Range shearDegrees;
    private Range zoom;
    private Range aspect;
    private Range shift;
    private boolean mirror;
    private EdgeMode edge;
    private Range gamma;
    private Range contrast;
    private Range brightness;
    private Range blur;
    private Range noise;
    private Range erase;

    private Builder(Augmentation start) {
      rotationDegrees = start.rotationDegrees;
      shearDegrees = start.shearDegrees;
      zoom = start.zoom;
      aspect = start.aspect;
      shift = start.shift;
      mirror = start.mirror;
      edge = start.edge;
      gamma = start.gamma;
      contrast = start.contrast;
      brightness = start.brightness;
      blur = start.blur;
      noise = start.noise;
      erase = start.erase;
    }

    /** See {@link Augmentation#rotationDegrees()}. */
    public Builder optRotationDegrees(double from, double to) {
      rotationDegrees = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#shearDegrees()}. */
    public Builder optShearDegrees(double from, double to) {
      shearDegrees = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#zoom()}. */
    public Builder optZoom(double from, double to) {
      zoom = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#aspect()}. */
    public Builder optAspect(double from, double to) {
      aspect = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#shift()}. */
    public Builder optShift(double from, double to) {
      shift = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#mirror()}. */
    public Builder optMirror(boolean enabled) {
      mirror = enabled;
      return this;
    }

    /** See {@link Augmentation#edge()}. */
    public Builder optEdge(EdgeMode mode) {
      edge = mode;
      return this;
    }

    /** See {@link Augmentation#gamma()}. */
    public Builder optGamma(double from, double to) {
      gamma = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#contrast()}. */
    public Builder optContrast(double from, double to) {
      contrast = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#brightness()}. */
    public Builder optBrightness(double from, double to) {
      brightness = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#blur()}. */
    public Builder optBlur(double from, double to) {
      blur = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#noise()}. */
    public Builder optNoise(double from, double to) {
      noise = new Range(from, to);
      return this;
    }

    /** See {@link Augmentation#erase()}. */
    public Builder optErase(double from, double to) {
      erase = new Range(from, to);
      return this;
    }

    /**
     * The augmentation.
     *
     * @throws IllegalArgumentException if a range exceeds its limits
     */
    public Augmentation build() {
      return new Augmentation(
          rotationDegrees,
          shearDegrees,
          zoom,
          aspect,
          shift,
          mirror,
          edge,
          gamma,
          contrast,
          brightness,
          blur,
          noise,
          erase);
    }
  }
}
