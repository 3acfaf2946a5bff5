/**
 * Random augmentation of training images. {@link dev.cxr.data.augment.Augmentation} holds the
 * ranges; {@link dev.cxr.data.augment.Augmenter} applies them, reproducibly by seed.
 */
@NullMarked
package dev.cxr.data.augment;

import org.jspecify.annotations.NullMarked;
