/**
 * Similarity of an image and its reconstruction: {@link
 * dev.cxr.eval.metrics.reconstruction.ImageSimilarity}. Pure functions of gray pixels for any
 * caller.
 */
@NullMarked
package dev.cxr.eval.metrics.reconstruction;

import org.jspecify.annotations.NullMarked;
