/**
 * Classification by the nearest training examples, exact: {@link
 * dev.cxr.models.neighbours.Distance} makes rows of distances by products of matrices in the
 * engine, the rest is arithmetic on them. {@link dev.cxr.models.neighbours.NeighbourBlock} is the
 * last layer of a network that votes so.
 */
@NullMarked
package dev.cxr.models.neighbours;







import org.jspecify.annotations.NullMarked;
