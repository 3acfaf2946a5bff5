/**
 * Everything a report says in numbers, as one record: {@link
 * dev.cxr.eval.evaluation.EvaluationMetrics}. Pure functions of predictions, so that {@code
 * predictions.csv} gives them again.
 */
@NullMarked
package dev.cxr.eval.evaluation;

import org.jspecify.annotations.NullMarked;
