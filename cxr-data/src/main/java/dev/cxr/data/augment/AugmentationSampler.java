package dev.cxr.data.augment;

import java.util.SplittableRandom;

/** Samples from the ranges of an augmentation, reproducibly by seed. */
final class AugmentationSampler {

  private final Augmentation ranges;
  private final UniformRange rotation;
  private final UniformRange shear;
  private final UniformRange zoom;
  private final UniformRange aspect;
  private final UniformRange shift;
  private final UniformRange logGamma;
  private final UniformRange contrast;
  private final UniformRange brightness;
  private final UniformRange blur;
  private final UniformRange noise;
  private final UniformRange erase;

  AugmentationSampler(Augmentation ranges) {
    this.ranges = ranges;
    rotation = UniformRange.of(ranges.rotationDegrees());
    shear = UniformRange.of(ranges.shearDegrees());
    zoom = UniformRange.of(ranges.zoom());
    aspect = UniformRange.of(ranges.aspect());
    shift = UniformRange.of(ranges.shift());
    Range gamma = ranges.gamma();
    logGamma = UniformRange.of(new Range(StrictMath.log(gamma.from()), StrictMath.log(gamma.to())));
    contrast = UniformRange.of(ranges.contrast());
    brightness = UniformRange.of(ranges.brightness());
    blur = UniformRange.of(ranges.blur());
    noise = UniformRange.of(ranges.noise());
    erase = UniformRange.of(ranges.erase());
  }

  AugmentationParams sample(long seed) {
    // Always the same samples in this order: a fixed value does not change the others. New kinds
    // are
    // sampled last.
    var random = new SplittableRandom(seed);
    double sampledRotation = rotation.sample(random);
    double sampledZoom = zoom.sample(random);
    double shiftX = shift.sample(random);
    double shiftY = shift.sample(random);
    double sampledBrightness = brightness.sample(random);
    boolean mirrored = random.nextDouble() < 0.5 && ranges.mirror();
    double sampledAspect = aspect.sample(random);
    double sampledShear = shear.sample(random);
    double sampledGamma = StrictMath.exp(logGamma.sample(random));
    double sampledContrast = contrast.sample(random);
    double sampledBlur = blur.sample(random);
    double sampledNoise = noise.sample(random);
    boolean skipErase = random.nextDouble() < 0.5;
    double area = erase.sample(random);
    return new AugmentationParams(
        sampledRotation,
        sampledShear,
        sampledZoom,
        sampledAspect,
        shiftX,
        shiftY,
        mirrored,
        sampledGamma,
        sampledContrast,
        sampledBrightness,
        sampledBlur,
        sampledNoise,
        skipErase ? 0 : area,
        random.nextLong(),
        random.nextLong());
  }
}
