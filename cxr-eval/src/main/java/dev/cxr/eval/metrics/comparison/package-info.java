/**
 * Two or more models on the same examples: {@link dev.cxr.eval.metrics.comparison.DeLongTest} for
 * their areas, {@link dev.cxr.eval.metrics.comparison.McNemarTest} for their decisions, {@link
 * dev.cxr.eval.metrics.comparison.HolmCorrection} for many such tests at once. Pure functions, one
 * floor above the figures in {@link dev.cxr.eval.metrics}.
 */
@NullMarked
package dev.cxr.eval.metrics.comparison;

import org.jspecify.annotations.NullMarked;
