/**
 * Several bundles on the same images: metrics, paired tests, mean and deviation over seeds. For the
 * {@code compare} command and its report; the tests themselves are in {@code metrics.comparison}.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval.comparison;
