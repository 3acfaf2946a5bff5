/**
 * How far a reconstructed picture is from its original: {@link
 * dev.cxr.eval.metrics.reconstruction.ImageSimilarity}. Pure functions of gray pixels; the
 * threshold on such a score is a {@link dev.cxr.eval.metrics.ThresholdRule.FalsePositiveRate}.
 */
@NullMarked
package dev.cxr.eval.metrics.reconstruction;

import org.jspecify.annotations.NullMarked;
