package dev.cxr.eval.explanation;

import dev.cxr.data.image.GrayImage;
import java.util.Arrays;

/**
 * The feature maps of a layer as one gray image, in channel order, row by row.
 *
 * <p>Each map is scaled from its minimum (black) to its maximum (white); a constant map is black.
 */
public final class FeatureMapGrid {

  /** Smaller maps are enlarged to about this many pixels, each value a square. */
  private static final int SMALLEST_SIDE = 56;

  private static final int GAP = 2;
  private static final int GAP_COLOUR = 0x60;

  private FeatureMapGrid() {}

  /**
   * {@return the grid, about as wide as high}
   *
   * @param maps (C, h, w)
   */
  public static GrayImage of(float[][][] maps) {
    int height = maps[0].length;
    int width = maps[0][0].length;
    int zoom = Math.max(1, SMALLEST_SIDE / Math.max(height, width));
    int columns = (int) Math.ceil(Math.sqrt(maps.length));
    int rows = (maps.length + columns - 1) / columns;
    int right = columns * (width * zoom + GAP) - GAP;
    int bottom = rows * (height * zoom + GAP) - GAP;
    GrayImage sheet = new GrayImage(right, bottom, new byte[right * bottom]);
    Arrays.fill(sheet.pixels(), (byte) GAP_COLOUR);
    for (int channel = 0; channel < maps.length; channel++) {
      int left = channel % columns * (width * zoom + GAP);
      int top = channel / columns * (height * zoom + GAP);
      draw(maps[channel], sheet, left, top, zoom);
    }
    return sheet;
  }

  private static void draw(float[][] map, GrayImage sheet, int left, int top, int zoom) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float[] row : map) {
      for (float value : row) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
    }
    float range = most > least ? most - least : 1;
    for (int y = 0; y < map.length * zoom; y++) {
      for (int x = 0; x < map[0].length * zoom; x++) {
        int level = Math.round(255 * (map[y / zoom][x / zoom] - least) / range);
        sheet.pixels()[(top + y) * sheet.width() + left + x] = (byte) level;
      }
    }
  }
}
