package dev.cxr.eval.knn;

import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.knn.LeavePatientOut;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.knn.KnnIndex;
import java.util.List;

/**
 * A bundle whose classes are voted, as it was made.
 *
 * @param manifest what the bundle says of itself
 * @param index the rule
 * @param kSelection how the number of neighbours was chosen
 * @param validation what the votes give on validation
 * @param notices what a reader should know
 */
public record KnnBundle(
    Manifest manifest,
    KnnIndex index,
    LeavePatientOut.Selection kSelection,
    BinaryMetrics validation,
    List<String> notices) {}
