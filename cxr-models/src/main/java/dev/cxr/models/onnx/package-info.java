/**
 * Models in ONNX: their translation, an exporter, and their computation by ONNX Runtime.
 *
 * <p>A block is translated by running it on an array that records operations in place of computing
 * them. So every block has an ONNX form that consists of operations that have one, those of custom
 * architectures included.
 */
@NullMarked
package dev.cxr.models.onnx;

import org.jspecify.annotations.NullMarked;
