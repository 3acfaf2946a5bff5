/**
 * TensorBoard's event files, written as a training goes on and taken up again when it is resumed.
 *
 * <p>{@link dev.cxr.train.tensorboard.TensorBoardLogger} says what is shown; the rest is the
 * format.
 */
@NullMarked
package dev.cxr.train.tensorboard;

import org.jspecify.annotations.NullMarked;
