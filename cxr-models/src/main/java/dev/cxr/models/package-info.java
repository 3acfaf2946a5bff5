/**
 * Predictions of trained models: {@link dev.cxr.models.Classifier} loads a bundle and returns
 * {@link dev.cxr.models.Prediction} and {@link dev.cxr.models.Heatmap}. {@link dev.cxr.models.Main}
 * starts the commands.
 */
@NullMarked
package dev.cxr.models;

import org.jspecify.annotations.NullMarked;
