/**
 * From a trained network to a model bundle: temperature, threshold, validation metrics. For the
 * package run and the command {@code ensemble}.
 */
@NullMarked
package dev.cxr.train.export;

import org.jspecify.annotations.NullMarked;
