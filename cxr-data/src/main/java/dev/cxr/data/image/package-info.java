/**
 * Radiographs as pixels. {@link dev.cxr.data.image.GrayImage} is one of them, {@link
 * dev.cxr.data.image.ImageDecoder} reads it from a JPEG, PNG, TIFF or DICOM file whole or not at
 * all, and {@link dev.cxr.data.image.Resampler} gives it the size a model asks for, to the same
 * bytes everywhere.
 */
@NullMarked
package dev.cxr.data.image;

import org.jspecify.annotations.NullMarked;
