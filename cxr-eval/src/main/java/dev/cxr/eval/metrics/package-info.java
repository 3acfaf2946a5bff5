/**
 * Metrics of classification: {@link dev.cxr.eval.metrics.BinaryMetrics} and {@link
 * dev.cxr.eval.metrics.MultiClassMetrics} hold all of them. Every metric is an {@link
 * dev.cxr.eval.metrics.Estimate}: a number with its interval, or the reason why it is undefined.
 * Pure functions of scores and labels for any caller; nothing here reads images, models or files.
 */
@NullMarked
package dev.cxr.eval.metrics;

import org.jspecify.annotations.NullMarked;
