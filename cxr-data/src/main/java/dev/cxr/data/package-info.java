/**
 * The commands of cxr-data. What they do is in the packages below.
 *
 * <p>Nothing calls this package but a person.
 */
@NullMarked
package dev.cxr.data;

import org.jspecify.annotations.NullMarked;
