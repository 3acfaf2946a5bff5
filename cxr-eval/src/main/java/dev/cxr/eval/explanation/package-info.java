/**
 * What a network looked at, drawn: {@link dev.cxr.eval.explanation.HeatOverlay} lays Grad-CAM over
 * a picture, {@link dev.cxr.eval.explanation.MapSheet} sets a layer's feature maps side by side,
 * {@link dev.cxr.eval.explanation.PageImage} puts either into a page. The arrays come from {@link
 * dev.cxr.models.bundle.Classifier}.
 */
@NullMarked
package dev.cxr.eval.explanation;










import org.jspecify.annotations.NullMarked;
