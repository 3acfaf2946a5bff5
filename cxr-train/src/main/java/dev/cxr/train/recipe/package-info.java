/**
 * Recipes: experiments as data.
 *
 * <p>{@link dev.cxr.train.recipe.Recipe} says what there is to choose, {@link
 * dev.cxr.train.recipe.Recipes} finds, overrides and checks one.
 */
@NullMarked
package dev.cxr.train.recipe;

import org.jspecify.annotations.NullMarked;
