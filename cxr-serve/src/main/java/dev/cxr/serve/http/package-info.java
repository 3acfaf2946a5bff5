/**
 * The HTTP server: the paths, request bodies and responses of DJL Serving 0.36, and a web page.
 *
 * <p>{@link dev.cxr.serve.http.InferenceServer} starts and stops it; everything else is internal.
 * Predictions come from {@code dev.cxr.serve.inference}.
 */
@NullMarked
package dev.cxr.serve.http;

import org.jspecify.annotations.NullMarked;
