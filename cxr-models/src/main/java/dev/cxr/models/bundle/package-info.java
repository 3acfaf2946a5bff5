/**
 * The model bundle: the folder that training writes and evaluation and serving read.
 *
 * <p>{@link dev.cxr.models.bundle.Bundle} opens and checks one, {@link dev.cxr.models.Classifier}
 * asks it, {@link dev.cxr.models.bundle.BundleWriter} makes one.
 */
@NullMarked
package dev.cxr.models.bundle;

import org.jspecify.annotations.NullMarked;
