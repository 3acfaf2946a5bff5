/**
 * Models behind HTTP, with the paths, bodies and success answers of DJL Serving 0.36, and a page.
 *
 * <p>{@link dev.cxr.serve.http.InferenceServer} listens and leaves, {@link
 * dev.cxr.serve.http.Router} says which path is answered by whom; what a model says comes from
 * {@code dev.cxr.serve.inference}.
 */
@NullMarked
package dev.cxr.serve.http;

import org.jspecify.annotations.NullMarked;
