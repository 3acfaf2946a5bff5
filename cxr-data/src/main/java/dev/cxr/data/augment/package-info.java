/**
 * Radiographs seen a little differently each time. {@link dev.cxr.data.augment.Augmentation} says
 * by how much they may turn, move, grow and brighten; {@link dev.cxr.data.augment.Augmenter} does
 * it while turning pixels into model input, the same for the same seed.
 */
@NullMarked
package dev.cxr.data.augment;

import org.jspecify.annotations.NullMarked;
