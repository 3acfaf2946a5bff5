/**
 * Predictions of a bundle, from which all metrics are computed: {@link
 * dev.cxr.eval.prediction.BatchPredictor} computes an {@link
 * dev.cxr.eval.prediction.ImagePrediction} for each image, {@link
 * dev.cxr.eval.prediction.PredictionFile} writes them. For the other packages of this module.
 */
@NullMarked
package dev.cxr.eval.prediction;

import org.jspecify.annotations.NullMarked;
