/**
 * Images that explain a prediction: {@link dev.cxr.eval.explanation.FeatureMapGrid} for feature
 * maps, {@link dev.cxr.eval.explanation.ReconstructionView} for autoencoders, {@link
 * dev.cxr.eval.explanation.DataUriImage} to embed them in a page. For reports and commands; the
 * arrays come from {@link dev.cxr.models.Classifier}.
 */
@NullMarked
package dev.cxr.eval.explanation;

import org.jspecify.annotations.NullMarked;
