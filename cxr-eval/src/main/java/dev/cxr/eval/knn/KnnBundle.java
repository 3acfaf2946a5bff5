package dev.cxr.eval.knn;

import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.knn.LeaveOnePatientOut;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.knn.KnnIndex;
import java.util.List;

/**
 * A bundle that classifies by nearest neighbours, as {@link KnnBundleBuilder} wrote it.
 *
 * @param manifest of the new bundle
 * @param index features, distance, weights and k
 * @param kSelection how k was chosen
 * @param validation metrics on validation
 * @param notices what a reader should know
 */
public record KnnBundle(
    Manifest manifest,
    KnnIndex index,
    LeaveOnePatientOut.Selection kSelection,
    BinaryMetrics validation,
    List<String> notices) {}
