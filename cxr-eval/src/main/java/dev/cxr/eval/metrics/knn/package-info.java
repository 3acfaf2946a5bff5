/**
 * How many neighbours should vote: {@link dev.cxr.eval.metrics.knn.LeavePatientOut} chooses among
 * training examples, one row of distances at a time. Pure arithmetic; the vote itself is {@link
 * dev.cxr.models.neighbours}.
 */
@NullMarked
package dev.cxr.eval.metrics.knn;

import org.jspecify.annotations.NullMarked;
