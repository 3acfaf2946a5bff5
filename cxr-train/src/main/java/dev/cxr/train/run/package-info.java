/**
 * Runs and their folders: {@link dev.cxr.train.run.TrainingLauncher} starts and resumes them,
 * {@link dev.cxr.train.run.MultiSeedRun} repeats them with several seeds.
 */
@NullMarked
package dev.cxr.train.run;

import org.jspecify.annotations.NullMarked;
