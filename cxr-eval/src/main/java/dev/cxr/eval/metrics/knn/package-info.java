/**
 * Selection of k for k-nearest-neighbour classification: {@link
 * dev.cxr.eval.metrics.knn.LeaveOnePatientOut}. Pure functions, called by {@code dev.cxr.eval.knn};
 * the vote itself is in {@link dev.cxr.models.knn}.
 */
@NullMarked
package dev.cxr.eval.metrics.knn;

import org.jspecify.annotations.NullMarked;
