package dev.cxr.models.bundle;

/**
 * The operating threshold: an image whose positive probability is at or above it is positive.
 *
 * @param value in [0, 1]
 * @param rule the rule that chose it and the split it was applied to, in words
 */
public record OperatingThreshold(double value, String rule) {}
