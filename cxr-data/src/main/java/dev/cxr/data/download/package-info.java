/**
 * The public chest X-ray collections that can be fetched, and how each becomes a folder for {@code
 * --data}.
 *
 * <p>The {@code download} command calls {@link dev.cxr.data.download.DatasetDownloader}.
 */
@NullMarked
package dev.cxr.data.download;

import org.jspecify.annotations.NullMarked;
