package dev.cxr.data.augment;

import dev.cxr.common.font.LiberationSans;
import dev.cxr.data.image.GrayImage;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws images of one size in rows on dark gray, each with captions. */
public final class TileGrid {

  /**
   * An image with captions.
   *
   * @param image the image
   * @param captions the lines below it
   */
  public record Tile(GrayImage image, List<String> captions) {}

  private static final int GAP = 8;
  private static final int MARGIN = 12;
  private static final byte BACKGROUND = 0x24; // darker than a dim image, lighter than a black one
  private static final Color TEXT = Color.WHITE;

  private final List<List<Tile>> rows;
  private final int tileWidth;
  private final int tileHeight;
  private final Font font;

  private TileGrid(List<List<Tile>> rows) {
    this.rows = rows;
    GrayImage first = rows.get(0).get(0).image();
    tileWidth = first.width();
    tileHeight = first.height();
    font = LiberationSans.ofSize(Math.max(10, Math.min(14, tileWidth / 16)));
  }

  /**
   * Draws the grid.
   *
   * @param rows at least one row of at least one tile
   * @return the image
   */
  public static GrayImage render(List<List<Tile>> rows) {
    return new TileGrid(rows).draw();
  }

  private GrayImage draw() {
    FontMetrics metrics = metrics();
    List<Integer> heights = new ArrayList<>();
    for (List<Tile> row : rows) {
      int lines = row.stream().mapToInt(tile -> tile.captions().size()).max().orElse(0);
      heights.add(tileHeight + lines * metrics.getHeight());
    }
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int width = 2 * MARGIN + columns * (tileWidth + GAP) - GAP;
    int height = 2 * MARGIN + heights.stream().mapToInt(h -> h + GAP).sum() - GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) sheet.getRaster().getDataBuffer()).getData();
    Arrays.fill(pixels, BACKGROUND);
    Graphics2D graphics = graphics(sheet);
    int top = MARGIN;
    for (int row = 0; row < rows.size(); row++) {
      int left = MARGIN;
      for (Tile tile : rows.get(row)) {
        // Not by drawImage, whose colour conversion changes gray values.
        sheet.getRaster().setDataElements(left, top, tileWidth, tileHeight, tile.image().pixels());
        int baseline = top + tileHeight + metrics.getAscent() + 2;
        for (String line : tile.captions()) {
          graphics.drawString(line, left, baseline);
          baseline += metrics.getHeight();
        }
        left += tileWidth + GAP;
      }
      top += heights.get(row) + GAP;
    }
    graphics.dispose();
    return new GrayImage(width, height, pixels);
  }

  private FontMetrics metrics() {
    Graphics2D graphics = graphics(new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY));
    try {
      return graphics.getFontMetrics();
    } finally {
      graphics.dispose();
    }
  }

  private Graphics2D graphics(BufferedImage canvas) {
    Graphics2D graphics = canvas.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(font);
    graphics.setColor(TEXT);
    return graphics;
  }
}
