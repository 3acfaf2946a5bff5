package dev.cxr.data.augment;

/**
 * What one picture is given. The amounts are those of {@link Augmentation}.
 *
 * @param shiftX to the right, as a fraction of the width
 * @param shiftY downwards, as a fraction of the height
 * @param mirrored whether it is flipped left to right
 * @param erasedArea area of the rectangle it loses; 0 if it is spared
 * @param noiseSeed what the noise follows from
 * @param eraseSeed what place and content of the rectangle follow from
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
