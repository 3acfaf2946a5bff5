/**
 * Recipes: what a run trains, as data, and its rules from epoch to epoch. {@link
 * dev.cxr.train.recipe.Recipes} reads and checks them.
 */
@NullMarked
package dev.cxr.train.recipe;

import org.jspecify.annotations.NullMarked;
