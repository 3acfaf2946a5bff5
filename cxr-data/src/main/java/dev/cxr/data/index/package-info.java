/**
 * Which X-rays a dataset has, with findings, patients and splits; readers for each format.
 *
 * <p>Start with {@link dev.cxr.data.index.DatasetReader#read}. {@code dev.cxr.data.dataset} decodes
 * the pixels.
 */
@NullMarked
package dev.cxr.data.index;

import org.jspecify.annotations.NullMarked;
