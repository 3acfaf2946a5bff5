/**
 * Classification by the nearest training examples, exact: {@link
 * dev.cxr.models.neighbours.Distance} makes rows of distances by products of matrices in the
 * engine, the rest is arithmetic on them. A network's last layer may vote so, and figures about
 * neighbours call it too.
 */
@NullMarked
package dev.cxr.models.neighbours;

import org.jspecify.annotations.NullMarked;
