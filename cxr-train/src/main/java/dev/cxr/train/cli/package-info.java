/**
 * The commands of cxr-train: options, output, exit codes. Started by {@link dev.cxr.train.Main}
 * only.
 */
@NullMarked
package dev.cxr.train.cli;

import org.jspecify.annotations.NullMarked;
