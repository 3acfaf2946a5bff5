/**
 * The commands of cxr-data and the options that select a dataset and an augmentation.
 *
 * <p>{@link dev.cxr.data.Main} starts the commands; commands of other modules use the options.
 */
@NullMarked
package dev.cxr.data.cli;

import org.jspecify.annotations.NullMarked;
