/**
 * Calibration of probabilities: {@link dev.cxr.eval.metrics.calibration.CalibrationMetrics}
 * measures it, {@link dev.cxr.eval.metrics.calibration.TemperatureScaling} improves it. Pure
 * functions of labelled probabilities for any caller, above {@link dev.cxr.eval.metrics}.
 */
@NullMarked
package dev.cxr.eval.metrics.calibration;

import org.jspecify.annotations.NullMarked;
