/**
 * Detection of images unlike those of the training: {@link
 * dev.cxr.models.ood.OutOfDistributionScorer}. Evaluation and serving call it.
 */
@NullMarked
package dev.cxr.models.ood;

import org.jspecify.annotations.NullMarked;
