/**
 * Files and folders that are written completely or not at all, locks and the cache folder.
 *
 * <p>Commands write all their results through this package.
 */
@NullMarked
package dev.cxr.common.files;

import org.jspecify.annotations.NullMarked;
