/**
 * Statistical comparison of models on the same examples: {@link
 * dev.cxr.eval.metrics.comparison.DeLongTest} for AUROC, {@link
 * dev.cxr.eval.metrics.comparison.McNemarTest} for decisions, {@link
 * dev.cxr.eval.metrics.comparison.HolmCorrection} for many tests, {@link
 * dev.cxr.eval.metrics.comparison.SeedSummary} for several seeds. Pure functions for any caller,
 * above {@link dev.cxr.eval.metrics}.
 */
@NullMarked
package dev.cxr.eval.metrics.comparison;

import org.jspecify.annotations.NullMarked;
