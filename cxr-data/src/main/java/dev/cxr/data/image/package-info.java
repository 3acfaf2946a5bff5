/**
 * Decoding and resizing of radiographs.
 *
 * <p>{@link dev.cxr.data.image.ImageDecoder} decodes JPEG, PNG, TIFF and DICOM files to a {@link
 * dev.cxr.data.image.GrayImage}, {@link dev.cxr.data.image.Resampler} resizes it, {@link
 * dev.cxr.data.image.PngEncoder} writes it.
 */
@NullMarked
package dev.cxr.data.image;

import org.jspecify.annotations.NullMarked;
