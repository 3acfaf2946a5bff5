/**
 * From a catalogue to batches: decoded pixels kept in one file, fed to DJL.
 *
 * <p>{@link dev.cxr.data.dataset.ImageStore} decodes a catalogue once, {@link
 * dev.cxr.data.dataset.ChestXrayDataset} makes the batches of one split from it, {@link
 * dev.cxr.data.dataset.Sampling} says which images an epoch holds.
 */
@NullMarked
package dev.cxr.data.dataset;

import org.jspecify.annotations.NullMarked;
