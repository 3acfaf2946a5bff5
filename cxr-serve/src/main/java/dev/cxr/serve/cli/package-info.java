/**
 * The commands {@code serve}, {@code package}, {@code predict} and {@code load-test}.
 *
 * <p>They read options and print; the work is done in the other packages. Only {@link
 * dev.cxr.serve.Main} uses them.
 */
@NullMarked
package dev.cxr.serve.cli;

import org.jspecify.annotations.NullMarked;
