/**
 * Files from the network: fetched with resume, bounded, and given their name only when their
 * checksum is right.
 *
 * <p>Any command that a person typed in order to fetch something may call {@link
 * dev.cxr.common.download.Downloader}; nothing else may. Knows nothing of X-rays or collections.
 */
@NullMarked
package dev.cxr.common.download;

import org.jspecify.annotations.NullMarked;
