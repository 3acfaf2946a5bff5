/**
 * A bundle behind the HTTP API of DJL Serving.
 *
 * <p>{@link dev.cxr.serve.InferenceServer} is the server; the rest are the commands.
 */
@NullMarked
package dev.cxr.serve;

import org.jspecify.annotations.NullMarked;
