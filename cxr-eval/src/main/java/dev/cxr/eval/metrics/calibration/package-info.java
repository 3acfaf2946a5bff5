/**
 * Whether probabilities mean what they say: {@link
 * dev.cxr.eval.metrics.calibration.CalibrationMetrics} judges them, {@link
 * dev.cxr.eval.metrics.calibration.TemperatureScaling} mends them. Pure functions of labelled
 * probabilities, one floor above the figures in {@link dev.cxr.eval.metrics}.
 */
@NullMarked
package dev.cxr.eval.metrics.calibration;

import org.jspecify.annotations.NullMarked;
