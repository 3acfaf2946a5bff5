/**
 * Classification by the nearest training examples, exact: {@link dev.cxr.models.knn.DistanceMetric}
 * makes rows of distances by products of matrices in the engine, the rest is arithmetic on them.
 * {@link dev.cxr.models.knn.KnnBlock} is the last layer of a network that votes so.
 */
@NullMarked
package dev.cxr.models.knn;

import org.jspecify.annotations.NullMarked;
