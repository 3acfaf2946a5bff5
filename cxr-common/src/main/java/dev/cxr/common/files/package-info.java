/**
 * Files and folders that appear whole or not at all, and where caches live.
 *
 * <p>Everything that a command leaves behind is written through here.
 */
@NullMarked
package dev.cxr.common.files;

import org.jspecify.annotations.NullMarked;
