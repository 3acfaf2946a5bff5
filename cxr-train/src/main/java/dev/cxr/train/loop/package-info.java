/**
 * The training loop: epochs, validation, early stopping, checkpoints. Programs implement {@link
 * dev.cxr.train.loop.TrainingListener}; the package run starts the loop.
 */
@NullMarked
package dev.cxr.train.loop;

import org.jspecify.annotations.NullMarked;
