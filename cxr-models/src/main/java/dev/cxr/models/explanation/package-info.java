/**
 * What a network's answer rests on, as arrays.
 *
 * <p>{@link dev.cxr.models.Classifier} asks on behalf of whoever has a bundle; drawing is left to
 * cxr-eval.
 */
@NullMarked
package dev.cxr.models.explanation;

import org.jspecify.annotations.NullMarked;
