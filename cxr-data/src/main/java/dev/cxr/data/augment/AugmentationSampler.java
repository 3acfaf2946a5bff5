package dev.cxr.data.augment;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Samples from the ranges of an augmentation, reproducibly by seed. */
final class AugmentationSampler {

  private final boolean mirror;
  private final Map<AugmentationKind, UniformRange> ranges = new EnumMap<>(AugmentationKind.class);

  AugmentationSampler(Augmentation augmentation) {
    mirror = augmentation.mirror();
    for (AugmentationKind kind : AugmentationKind.values()) {
      ranges.put(kind, UniformRange.of(augmentation.range(kind)));
    }
    Range gamma = augmentation.gamma();
    ranges.put(
        AugmentationKind.GAMMA,
        UniformRange.of(new Range(StrictMath.log(gamma.from()), StrictMath.log(gamma.to()))));
  }

  AugmentationParams sample(long seed) {
    // Always the same samples in this order: a fixed value does not change the others. New kinds
    // are sampled last.
    var random = new SplittableRandom(seed);
    double sampledRotation = sample(AugmentationKind.ROTATION_DEGREES, random);
    double sampledZoom = sample(AugmentationKind.ZOOM, random);
    double shiftX = sample(AugmentationKind.SHIFT, random);
    double shiftY = sample(AugmentationKind.SHIFT, random);
    double sampledBrightness = sample(AugmentationKind.BRIGHTNESS, random);
    boolean mirrored = random.nextDouble() < 0.5 && mirror;
    double sampledAspect = sample(AugmentationKind.ASPECT, random);
    double sampledShear = sample(AugmentationKind.SHEAR_DEGREES, random);
    double sampledGamma = StrictMath.exp(sample(AugmentationKind.GAMMA, random));
    double sampledContrast = sample(AugmentationKind.CONTRAST, random);
    double sampledBlur = sample(AugmentationKind.BLUR, random);
    double sampledNoise = sample(AugmentationKind.NOISE, random);
    boolean skipErase = random.nextDouble() < 0.5;
    double area = sample(AugmentationKind.ERASE, random);
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

  private double sample(AugmentationKind kind, SplittableRandom random) {
    return Objects.requireNonNull(ranges.get(kind)).sample(random);
  }
}
