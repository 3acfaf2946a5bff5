/**
 * What a network looked at, drawn: {@link dev.cxr.models.explanation.HeatmapOverlay} lays Grad-CAM
 * over a picture, {@link dev.cxr.eval.explanation.FeatureMapGrid} sets a layer's feature maps side
 * by side, {@link dev.cxr.eval.explanation.DataUriImage} puts either into a page. The arrays come
 * from {@link dev.cxr.models.Classifier}.
 */
@NullMarked
package dev.cxr.eval.explanation;

import org.jspecify.annotations.NullMarked;
