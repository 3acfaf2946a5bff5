/**
 * Load test of this server or any DJL Serving.
 *
 * <p>The command {@code load-test} runs {@link dev.cxr.serve.load.LoadGenerator}, which returns a
 * {@link dev.cxr.serve.load.LoadTestReport}; tests measure the server with it too.
 */
@NullMarked
package dev.cxr.serve.load;

import org.jspecify.annotations.NullMarked;
