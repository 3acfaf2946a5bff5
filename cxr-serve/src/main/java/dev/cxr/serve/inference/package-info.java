/**
 * A bundle that is asked by many at once: pictures are decoded side by side, gathered into batches
 * and answered in one place.
 *
 * <p>{@link dev.cxr.serve.inference.ServedModel} is what the server and the commands ask; it knows
 * nothing of HTTP.
 */
@NullMarked
package dev.cxr.serve.inference;

import org.jspecify.annotations.NullMarked;
