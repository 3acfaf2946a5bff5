/**
 * Fits the operating point of a bundle to the images of a site, with or without labels. For the
 * {@code calibrate} command; how well probabilities are calibrated is measured in {@code
 * metrics.calibration}.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval.calibration;
