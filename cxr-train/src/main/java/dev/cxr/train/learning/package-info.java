/**
 * The arithmetic of learning: objectives, Adam, the average of weights, when to stop, when to learn
 * slower.
 *
 * <p>{@link dev.cxr.train.learning.Learner} is the network being trained, {@link
 * dev.cxr.train.learning.EarlyStopping} and {@link dev.cxr.train.learning.ReduceOnPlateau} are
 * pure; what drives them stands one package above.
 */
@NullMarked
package dev.cxr.train.learning;
















import org.jspecify.annotations.NullMarked;
