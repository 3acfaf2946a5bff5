/** Int8 variants of models: how they are made, and the check that they predict as float32 does. */
@NullMarked
package dev.cxr.eval.quantization;

import org.jspecify.annotations.NullMarked;
