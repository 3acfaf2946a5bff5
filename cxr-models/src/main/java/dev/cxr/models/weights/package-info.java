/**
 * Pretrained weights: where they come from, the safetensors format, read within bounds, and what a
 * network takes of it.
 *
 * <p>Nothing in a file is executed; what does not fit is refused by the tensor's name and changes
 * nothing. Training calls this package before its first step.
 */
@NullMarked
package dev.cxr.models.weights;

import org.jspecify.annotations.NullMarked;
