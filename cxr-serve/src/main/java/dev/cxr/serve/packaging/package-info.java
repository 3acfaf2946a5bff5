/**
 * Packages bundles for DJL Serving.
 *
 * <p>{@link dev.cxr.serve.packaging.ModelPackage} writes a package, {@link
 * dev.cxr.serve.packaging.DjlServingInstallation} starts an installed DJL Serving with packages.
 * The commands call both.
 */
@NullMarked
package dev.cxr.serve.packaging;

import org.jspecify.annotations.NullMarked;
