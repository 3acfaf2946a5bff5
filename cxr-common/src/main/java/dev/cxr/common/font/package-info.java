/** The font of all pictures. */
@NullMarked
package dev.cxr.common.font;

import org.jspecify.annotations.NullMarked;
