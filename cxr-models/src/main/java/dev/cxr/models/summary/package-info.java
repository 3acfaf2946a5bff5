/**
 * What a network is made of, for people: a table as Keras prints it, and a graph for Graphviz.
 *
 * <p>{@code cxr-models summary} is its only caller so far; it says nothing that {@link
 * dev.cxr.models.architecture.ComputationGraph} does not know.
 */
@NullMarked
package dev.cxr.models.summary;

import org.jspecify.annotations.NullMarked;
