/**
 * Lists of runs: what lies in a folder of runs, read from its files without the engine.
 *
 * <p>{@link dev.cxr.train.listing.RunsFolder} reads it; {@code RunsTable}, {@code RunsJson} and
 * {@code RunsPage} show it.
 */
@NullMarked
package dev.cxr.train.listing;

import org.jspecify.annotations.NullMarked;
