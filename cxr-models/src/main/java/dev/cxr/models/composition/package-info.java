/**
 * Networks that answer a task together, or in another way than by their own logits, as one block:
 * mirrored, in a cascade, in an ensemble, by what is unlike the normal. {@link
 * dev.cxr.models.composition.ModelSpec} names and builds them.
 */
@NullMarked
package dev.cxr.models.composition;

import org.jspecify.annotations.NullMarked;
