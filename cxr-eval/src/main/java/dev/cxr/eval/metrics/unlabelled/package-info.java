/**
 * What scores tell without labels: whether they fall into two groups, {@link
 * dev.cxr.eval.metrics.unlabelled.Dip}, and where one ends and the other begins, {@link
 * dev.cxr.eval.metrics.unlabelled.TwoGroups}. Pure functions of scores.
 */
@NullMarked
package dev.cxr.eval.metrics.unlabelled;










import org.jspecify.annotations.NullMarked;
