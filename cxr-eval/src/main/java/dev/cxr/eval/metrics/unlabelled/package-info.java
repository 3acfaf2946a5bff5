/**
 * What scores tell without labels: whether they fall into two groups, {@link
 * dev.cxr.eval.metrics.unlabelled.DipTest}, and where one ends and the other begins, {@link
 * dev.cxr.eval.metrics.unlabelled.GaussianMixture}. Pure functions of scores.
 */
@NullMarked
package dev.cxr.eval.metrics.unlabelled;

import org.jspecify.annotations.NullMarked;
