/**
 * The commands of cxr-train, and the run that turns a recipe and a collection into a bundle.
 *
 * <p>Recipes and the arithmetic of learning live one package below.
 */
@NullMarked
package dev.cxr.train;

import org.jspecify.annotations.NullMarked;
