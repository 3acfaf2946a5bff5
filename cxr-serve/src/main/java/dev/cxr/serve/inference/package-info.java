/**
 * Predictions for many concurrent callers: images are decoded in parallel and predicted in batches,
 * behind a bounded queue.
 *
 * <p>The HTTP server and folder prediction call {@link dev.cxr.serve.inference.ServedModel}, which
 * knows nothing of HTTP.
 */
@NullMarked
package dev.cxr.serve.inference;

import org.jspecify.annotations.NullMarked;
