/**
 * The arithmetic of learning: objectives, Adam, the average of weights, when to stop, when to learn
 * slower.
 *
 * <p>{@link dev.cxr.train.learner.Learner} is the network being trained, {@link
 * dev.cxr.train.schedule.EarlyStopping} and {@link dev.cxr.train.schedule.ReduceOnPlateau} are
 * pure; what drives them stands one package above.
 */
@NullMarked
package dev.cxr.train.learner;

import org.jspecify.annotations.NullMarked;
