/**
 * Classification by the nearest training examples, exact. Pure arithmetic on rows of distances: who
 * makes them, by matrix products in an engine or otherwise, is of no concern here. An index over
 * embeddings calls {@link dev.cxr.eval.metrics.neighbours.NeighbourVote} and, to choose its {@code
 * k}, {@link dev.cxr.eval.metrics.neighbours.LeavePatientOut}.
 */
@NullMarked
package dev.cxr.eval.metrics.neighbours;

import org.jspecify.annotations.NullMarked;
