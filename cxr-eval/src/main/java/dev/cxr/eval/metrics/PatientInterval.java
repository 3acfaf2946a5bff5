package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * How a figure varies over resampled patients, see {@link PatientBootstrap}.
 *
 * @param interval the 95 % interval over the resamples that have the figure; null if fewer than
 *     half of them do, or if it is the same in all of them: resampling sees no doubt there
 * @param resamples how many there were
 * @param undefined in how many of them the figure does not exist
 */
public record PatientInterval(@Nullable Interval interval, int resamples, int undefined) {}
