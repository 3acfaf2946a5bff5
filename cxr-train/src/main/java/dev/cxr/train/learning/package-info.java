/**
 * The arithmetic of learning: loss, step, learning rate, patience.
 *
 * <p>{@link dev.cxr.train.learning.Learner} is the network being trained; what drives it stands one
 * package above.
 */
@NullMarked
package dev.cxr.train.learning;

import org.jspecify.annotations.NullMarked;
