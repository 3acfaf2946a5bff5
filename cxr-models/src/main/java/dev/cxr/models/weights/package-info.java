/**
 * Pretrained weights: download, the safetensors format, and loading into a backbone.
 *
 * <p>Nothing in a file is executed. Training calls {@link dev.cxr.models.weights.PretrainedWeights}
 * before its first step.
 */
@NullMarked
package dev.cxr.models.weights;

import org.jspecify.annotations.NullMarked;
