/** The training and validation images of a recipe. For the packages loop, export and run. */
@NullMarked
package dev.cxr.train.data;

import org.jspecify.annotations.NullMarked;
