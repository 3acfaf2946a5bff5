/**
 * From a dataset index to batches for DJL.
 *
 * <p>{@link dev.cxr.data.dataset.ImageStore} decodes images once into a cache file, {@link
 * dev.cxr.data.dataset.ChestXrayDataset} makes batches of one split, {@link
 * dev.cxr.data.dataset.Sampling} balances findings.
 */
@NullMarked
package dev.cxr.data.dataset;

import org.jspecify.annotations.NullMarked;
