package dev.cxr.models.explanation;

import dev.cxr.data.image.GrayImage;
import java.awt.image.BufferedImage;

/**
 * Grad-CAM over an image: the stronger the evidence, the less gray and the more yellow.
 *
 * <p>Every image has its own scale with a maximum of 1, so that the amount of evidence cannot be
 * seen, nor two images compared. Red to yellow with rising opacity stays readable in gray print and
 * for readers who see no red.
 */
public final class HeatmapOverlay {

  /** Opacity of the maximum. */
  public static final double OPACITY = 0.6;

  private static final int[] LOW_COLOUR = {0xC8, 0x1E, 0x1E};
  private static final int[] HIGH_COLOUR = {0xFF, 0xE6, 0x3C};

  private HeatmapOverlay() {}

  /**
   * Draws a heatmap over an image, at the image's size.
   *
   * @param heat h rows of w values of 0 or more over the whole image, interpolated between the
   *     centres of its cells; all 0 leaves the image as it is
   * @param image the explained image
   * @return the image in RGB
   */
  public static BufferedImage of(GrayImage image, float[][] heat) {
    return render(
        heat,
        image.width(),
        image.height(),
        BufferedImage.TYPE_INT_RGB,
        (at, share) -> mix(OPACITY * share, image.pixels()[at] & 0xFF, share));
  }

  /**
   * Draws a heatmap alone: opaque at the maximum, transparent at 0.
   *
   * @param heat as of {@link #of}
   * @param width in pixels
   * @param height in pixels
   * @return an image in ARGB
   */
  public static BufferedImage transparentLayer(float[][] heat, int width, int height) {
    return render(
        heat,
        width,
        height,
        BufferedImage.TYPE_INT_ARGB,
        (at, share) -> (int) Math.round(255 * share) << 24 | mix(1, 0, share));
  }

  private interface PixelColour {
    int of(int pixel, double share);
  }

  private static BufferedImage render(
      float[][] heat, int width, int height, int type, PixelColour colour) {
    float max = 0;
    for (float[] row : heat) {
      for (float value : row) {
        max = Math.max(max, value);
      }
    }
    int[] pixels = new int[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double share =
            max == 0 ? 0 : interpolate(heat, (x + 0.5) / width, (y + 0.5) / height) / max;
        pixels[y * width + x] = colour.of(y * width + x, share);
      }
    }
    var image = new BufferedImage(width, height, type);
    image.getRaster().setDataElements(0, 0, width, height, pixels);
    return image;
  }

  /** Bilinear; outside of the outermost centres the outermost value. */
  private static double interpolate(float[][] heat, double x, double y) {
    double row = Math.min(Math.max(y * heat.length - 0.5, 0), heat.length - 1.0);
    double column = Math.min(Math.max(x * heat[0].length - 0.5, 0), heat[0].length - 1.0);
    int top = (int) row;
    int left = (int) column;
    int below = Math.min(top + 1, heat.length - 1);
    int right = Math.min(left + 1, heat[0].length - 1);
    double down = row - top;
    double across = column - left;
    return (1 - down) * ((1 - across) * heat[top][left] + across * heat[top][right])
        + down * ((1 - across) * heat[below][left] + across * heat[below][right]);
  }

  /** The colour of a share of the maximum, blended over a gray. */
  private static int mix(double opacity, int gray, double share) {
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      double colour = LOW_COLOUR[channel] + share * (HIGH_COLOUR[channel] - LOW_COLOUR[channel]);
      rgb = rgb << 8 | (int) Math.round((1 - opacity) * gray + opacity * colour);
    }
    return rgb;
  }
}
