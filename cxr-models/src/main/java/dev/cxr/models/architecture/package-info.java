/**
 * The networks: architectures by name, and DJL blocks made of named layers in stages.
 *
 * <p>A network takes gray images (N, 1, side, side) in [0, 1] and normalizes them itself, so that
 * all callers do it alike. {@link dev.cxr.models.architecture.Architectures} is the entry point;
 * {@link dev.cxr.models.architecture.Architecture} is what a program implements to add its own.
 */
@NullMarked
package dev.cxr.models.architecture;

import org.jspecify.annotations.NullMarked;
