/**
 * The commands of cxr-models. What they do is in the packages below.
 *
 * <p>Nothing calls this package but a person.
 */
@NullMarked
package dev.cxr.models;

import org.jspecify.annotations.NullMarked;
