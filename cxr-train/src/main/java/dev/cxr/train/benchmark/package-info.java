/** The result of {@code bench}: training throughput. For the command only. */
@NullMarked
package dev.cxr.train.benchmark;

import org.jspecify.annotations.NullMarked;
