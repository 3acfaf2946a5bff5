/**
 * The commands, and the pages and files they leave: how good a bundle is, which of several is
 * better, what one looked at, and one whose neighbours vote.
 *
 * <p>Predictions, figures, metrics and drawings live each in a package below. Training uses the
 * same figures for its validation split.
 */
@NullMarked
package dev.cxr.eval;

import org.jspecify.annotations.NullMarked;
