package dev.cxr.data.augment;

/**
 * The sampled values for one image; see {@link Augmentation}.
 *
 * @param shiftX to the right, as a fraction of the width
 * @param shiftY downwards, as a fraction of the height
 * @param mirrored whether the image is flipped left to right
 * @param erasedArea area of the erased rectangle, as a fraction; 0 for none
 * @param noiseSeed the seed of the noise
 * @param eraseSeed the seed of position and content of the rectangle
 */
record AugmentationParams(
    double rotationDegrees,
    double shearDegrees,
    double zoom,
    double aspect,
    double shiftX,
    double shiftY,
    boolean mirrored,
    double gamma,
    double contrast,
    double brightness,
    double blur,
    double noise,
    double erasedArea,
    long noiseSeed,
    long eraseSeed) {}
