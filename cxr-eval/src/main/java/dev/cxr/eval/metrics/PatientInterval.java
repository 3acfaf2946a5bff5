package dev.cxr.eval.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The variation of a metric over resampled patients: {@link PatientBootstrap}.
 *
 * @param interval the 95 % interval over the resamples in which the metric is defined; null if
 *     fewer than half are, or if the metric is the same in all of them
 * @param resamples the number of resamples
 * @param undefined the number of resamples in which the metric is undefined
 */
public record PatientInterval(@Nullable Interval interval, int resamples, int undefined) {}
