/**
 * What a real DJL Serving loads, made from a bundle.
 *
 * <p>{@link dev.cxr.serve.packaging.ModelPackage} writes it as a folder or an archive, {@link
 * dev.cxr.serve.packaging.DjlServingInstallation} runs an installed DJL Serving on it; the commands
 * call both.
 */
@NullMarked
package dev.cxr.serve.packaging;

import org.jspecify.annotations.NullMarked;
