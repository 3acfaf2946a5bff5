/**
 * Bundles that classify by a vote of the nearest training images: choice of k, threshold, new
 * bundle. For the {@code knn} command.
 */
@org.jspecify.annotations.NullMarked
package dev.cxr.eval.knn;
