/**
 * TensorBoard event files: {@link dev.cxr.train.tensorboard.TensorBoardLogger} writes them for the
 * package loop; the rest is the file format.
 */
@NullMarked
package dev.cxr.train.tensorboard;

import org.jspecify.annotations.NullMarked;
