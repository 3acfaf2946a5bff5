/**
 * The networks, each a DJL block, chosen by name.
 *
 * <p>Every one takes gray pictures (N, 1, side, side) in [0, 1] and scales them itself, so that no
 * reader of a model can do it otherwise.
 */
@NullMarked
package dev.cxr.models.architecture;

import org.jspecify.annotations.NullMarked;
