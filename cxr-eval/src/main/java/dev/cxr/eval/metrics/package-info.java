/**
 * Figures of merit for two-class scores: {@link dev.cxr.eval.metrics.BinaryMetrics} gathers them
 * all. Every figure is an {@link dev.cxr.eval.metrics.Estimate}: a number with what it rests on, or
 * why there is none. Pure functions of scores and labels; nothing here reads images, models or
 * files.
 */
@NullMarked
package dev.cxr.eval.metrics;

import org.jspecify.annotations.NullMarked;
