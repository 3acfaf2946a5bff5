/** The losses that training minimizes. The package learner computes them. */
@NullMarked
package dev.cxr.train.loss;

import org.jspecify.annotations.NullMarked;
