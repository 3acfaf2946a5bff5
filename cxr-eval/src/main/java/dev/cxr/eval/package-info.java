/**
 * How good a bundle is: its probabilities for a split, the figures they give, and the files that
 * say so.
 *
 * <p>Training uses the same figures for its validation split. The metrics live one package below.
 */
@NullMarked
package dev.cxr.eval;

import org.jspecify.annotations.NullMarked;
