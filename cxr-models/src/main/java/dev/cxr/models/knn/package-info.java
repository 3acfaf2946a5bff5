/**
 * Exact k-nearest-neighbours classification: distances by matrix products, a vote, and {@link
 * dev.cxr.models.knn.KnnBlock}, which makes it the last layer of a network. Evaluation builds an
 * index; bundles hold it.
 */
@NullMarked
package dev.cxr.models.knn;

import org.jspecify.annotations.NullMarked;
