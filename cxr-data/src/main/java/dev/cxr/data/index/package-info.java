/**
 * Which X-rays there are: findings, patients, splits, and the collections they come from.
 *
 * <p>{@link dev.cxr.data.index.DatasetReader#read} is the way in. Pixels are read elsewhere.
 */
@NullMarked
package dev.cxr.data.index;

import org.jspecify.annotations.NullMarked;
