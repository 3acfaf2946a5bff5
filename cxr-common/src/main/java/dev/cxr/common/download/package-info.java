/**
 * Downloads of single files, with resume, size limit and checksum.
 *
 * <p>Only commands that the user starts in order to download something call {@link
 * dev.cxr.common.download.Downloader}.
 */
@NullMarked
package dev.cxr.common.download;

import org.jspecify.annotations.NullMarked;
