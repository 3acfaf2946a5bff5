/**
 * Scores without labels: {@link dev.cxr.eval.metrics.unlabelled.DipTest} tests whether they form
 * two groups, {@link dev.cxr.eval.metrics.unlabelled.GaussianMixture} finds the threshold between
 * them. Pure functions of scores, called by {@code dev.cxr.eval.calibration}.
 */
@NullMarked
package dev.cxr.eval.metrics.unlabelled;

import org.jspecify.annotations.NullMarked;
