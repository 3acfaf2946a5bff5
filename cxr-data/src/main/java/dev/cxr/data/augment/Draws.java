package dev.cxr.data.augment;

import java.util.SplittableRandom;

/** Draws from an augmentation's ranges, the same for the same seed. */
final class Draws {

  private final Augmentation ranges;
  private final Spread rotation;
  private final Spread shear;
  private final Spread zoom;
  private final Spread aspect;
  private final Spread shift;
  private final Spread logGamma;
  private final Spread contrast;
  private final Spread brightness;
  private final Spread blur;
  private final Spread noise;
  private final Spread erase;

  Draws(Augmentation ranges) {
    this.ranges = ranges;
    rotation = Spread.of(ranges.rotationDegrees());
    shear = Spread.of(ranges.shearDegrees());
    zoom = Spread.of(ranges.zoom());
    aspect = Spread.of(ranges.aspect());
    shift = Spread.of(ranges.shift());
    Range gamma = ranges.gamma();
    logGamma = Spread.of(new Range(StrictMath.log(gamma.from()), StrictMath.log(gamma.to())));
    contrast = Spread.of(ranges.contrast());
    brightness = Spread.of(ranges.brightness());
    blur = Spread.of(ranges.blur());
    noise = Spread.of(ranges.noise());
    erase = Spread.of(ranges.erase());
  }

  Draw draw(long seed) {
    // Always the same draws in this order: an amount that may not vary leaves the others where they
    // were, and whatever is added is drawn after them.
    var random = new SplittableRandom(seed);
    double rotationDrawn = rotation.draw(random);
    double zoomDrawn = zoom.draw(random);
    double shiftX = shift.draw(random);
    double shiftY = shift.draw(random);
    double brightnessDrawn = brightness.draw(random);
    boolean mirrored = random.nextDouble() < 0.5 && ranges.mirror();
    double aspectDrawn = aspect.draw(random);
    double shearDrawn = shear.draw(random);
    double gammaDrawn = StrictMath.exp(logGamma.draw(random));
    double contrastDrawn = contrast.draw(random);
    double blurDrawn = blur.draw(random);
    double noiseDrawn = noise.draw(random);
    boolean spared = random.nextDouble() < 0.5;
    double area = erase.draw(random);
    return new Draw(
        rotationDrawn,
        shearDrawn,
        zoomDrawn,
        aspectDrawn,
        shiftX,
        shiftY,
        mirrored,
        gammaDrawn,
        contrastDrawn,
        brightnessDrawn,
        blurDrawn,
        noiseDrawn,
        spared ? 0 : area,
        random.nextLong(),
        random.nextLong());
  }
}
