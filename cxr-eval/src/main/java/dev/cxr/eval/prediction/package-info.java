/**
 * What a bundle says of pictures, one {@link dev.cxr.eval.prediction.ImagePrediction} each, and
 * what is told beside it of every picture: all that figures are computed from. {@link
 * dev.cxr.eval.prediction.BatchPredictor} asks a bundle, {@link
 * dev.cxr.eval.prediction.PredictionFile} writes the answers.
 */
@NullMarked
package dev.cxr.eval.prediction;

import org.jspecify.annotations.NullMarked;
