/**
 * Explanations of predictions: Grad-CAM and its overlay on an image.
 *
 * <p>{@link dev.cxr.models.Classifier} is the entry point for a bundle.
 */
@NullMarked
package dev.cxr.models.explanation;

import org.jspecify.annotations.NullMarked;
