package dev.cxr.train;

import dev.cxr.models.architecture.Answering;
import dev.cxr.models.composition.Composition;

/**
 * What has been learned and is to become a bundle.
 *
 * @param composition what of
 * @param answering the block, with all its parameters
 * @param epoch whose weights these are; 0 if nothing was learned by steps
 * @param history one row an epoch, as CSV
 */
record Finished(Composition composition, Answering answering, int epoch, String history) {}
