/**
 * Summary of a network for people: a table like that of Keras.
 *
 * <p>{@code cxr-models summary} calls it.
 */
@NullMarked
package dev.cxr.models.summary;

import org.jspecify.annotations.NullMarked;
