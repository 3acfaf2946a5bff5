/**
 * Public chest X-ray datasets: where they are, their licences, how to unpack them.
 *
 * <p>The {@code download} command calls {@link dev.cxr.data.download.DatasetDownloader}; {@code
 * dev.cxr.common.download} transfers the files.
 */
@NullMarked
package dev.cxr.data.download;

import org.jspecify.annotations.NullMarked;
