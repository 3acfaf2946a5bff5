/**
 * Training: {@link dev.cxr.train.Trainer} trains a recipe from Java, {@link dev.cxr.train.Main}
 * starts the commands.
 *
 * <p>The steps of a training are packages: recipe, data, learner, loop, export, run.
 */
@NullMarked
package dev.cxr.train;

import org.jspecify.annotations.NullMarked;
