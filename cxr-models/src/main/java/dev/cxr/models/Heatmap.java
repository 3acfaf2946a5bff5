package dev.cxr.models;

import dev.cxr.data.image.GrayImage;
import dev.cxr.models.explanation.HeatmapOverlay;
import java.awt.image.BufferedImage;

/**
 * Where the evidence for a class lies in an image, by {@linkplain
 * dev.cxr.models.explanation.GradCam Grad-CAM}. It shows what the network looked at, not where a
 * disease is.
 *
 * @param className the class that is explained
 * @param values h rows of w values of 0 or more over the whole image, on a scale of their own
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
public record Heatmap(String className, float[][] values) {

  /**
   * Draws the heatmap over the image.
   *
   * @param image the one that is explained
   * @return the image in RGB at its own size, red to yellow where there is evidence
   */
  public BufferedImage overlay(GrayImage image) {
    return HeatmapOverlay.of(image, values);
  }
}
