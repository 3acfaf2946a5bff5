/**
 * Asks a server with many clients and measures it, ours or any DJL Serving.
 *
 * <p>{@link dev.cxr.serve.load.LoadGenerator} is what the command calls, {@link
 * dev.cxr.serve.load.LoadTestReport} what it found.
 */
@NullMarked
package dev.cxr.serve.load;

import org.jspecify.annotations.NullMarked;
