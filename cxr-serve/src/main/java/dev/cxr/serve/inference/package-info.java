/**
 * Predictions for many concurrent callers: images are decoded in parallel and predicted in batches,
 * behind a bounded queue.
 *
 * <p>The HTTP server calls {@link dev.cxr.serve.inference.ServedModel}, which knows nothing of
 * HTTP; folder prediction calls {@link dev.cxr.serve.inference.BundlePredictor}, as batches that
 * are formed by timing would not give the same file twice.
 */
@NullMarked
package dev.cxr.serve.inference;

import org.jspecify.annotations.NullMarked;
