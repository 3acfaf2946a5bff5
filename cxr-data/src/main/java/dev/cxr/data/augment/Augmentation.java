package dev.cxr.data.augment;

import java.util.Locale;

/**
 * How far training pictures may differ from those stored. Each amount is drawn anew for each
 * picture, evenly from its range and independently of the others.
 *
 * <p>They apply in this order:
 *
 * <ol>
 *   <li>gamma, then contrast, to the stored gray values;
 *   <li>mirror, zoom and aspect, shear, rotation, shift: together one affine map about the
 *       picture's centre, sampled bilinearly once;
 *   <li>brightness, blur, noise, erasing; after each, what is below 0 or above 1 is cut off.
 * </ol>
 *
 * @param rotationDegrees rotation, clockwise; within -180..180
 * @param shearDegrees lean of upright lines, to the right at the top; within -45..45
 * @param zoom magnification; within 0.5..2, 1 changes nothing
 * @param aspect change of width / height at the same area; within 0.5..2, 1 changes nothing
 * @param shift move to the right and, drawn apart, downwards, as a fraction of the side; within
 *     -0.5..0.5
 * @param mirror whether half of the pictures are flipped left to right; a heart then lies on the
 *     right
 * @param edge what is seen where the stored picture ends
 * @param gamma exponent of the gray values in 0..1: above 1 darkens; within 0.2..5, 1 changes
 *     nothing. Drawn evenly in its logarithm, so that twice is as likely as half
 * @param contrast factor of the distance from middle gray; within 0..3, 1 changes nothing
 * @param brightness added, as a fraction of full scale; within -1..1
 * @param blur mix with the mean of each pixel and its eight neighbours: 1 is that mean, below 0
 *     sharpens; within -1..1
 * @param noise standard deviation of Gaussian noise, as a fraction of full scale; within 0..0.5
 * @param erase area of a rectangle that half of the pictures lose to random gray values, as a
 *     fraction of the picture's; within 0..0.5. Random erasing (Zhong et al. 2020): sides from 0.3
 *     to 1/0.3 to each other. It may take the finding away
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

  /** What is seen where the stored picture ends. */
  public enum EdgeMode {
    /** Its outermost pixels, again and again. */
    REPEAT,
    /** Black. */
    BLACK;

    /** As people type it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Range ZERO = Range.exactly(0);
  private static final Range ONE = Range.exactly(1);

  /** Pictures as they are stored. */
  public static final Augmentation NONE =
      new Augmentation(
          ZERO, ZERO, ONE, ONE, ZERO, false, EdgeMode.REPEAT, ONE, ONE, ZERO, ZERO, ZERO, ZERO);

  /** All there is at once, and not a little: what commands show where nothing else is asked for. */
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
   * @throws IllegalArgumentException if an amount may leave its limits; the message names it as a
   *     recipe does
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

  /** A builder that changes nothing but what it is told. */
  public static Builder builder() {
    return NONE.toBuilder();
  }

  /** A builder that starts from this augmentation. */
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
     * @throws IllegalArgumentException if an amount may leave its limits
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
