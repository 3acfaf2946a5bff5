/** The choice of what computes predictions: PyTorch or ONNX Runtime. */
@NullMarked
package dev.cxr.models.engine;

import org.jspecify.annotations.NullMarked;
