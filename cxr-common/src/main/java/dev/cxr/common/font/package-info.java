/** The font of all drawings. */
@NullMarked
package dev.cxr.common.font;

import org.jspecify.annotations.NullMarked;
