/**
 * The network in training: weights, their moving average, Adam, checkpoints. {@link
 * dev.cxr.train.learner.Learner} is the entry; the package loop drives it.
 */
@NullMarked
package dev.cxr.train.learner;

import org.jspecify.annotations.NullMarked;
