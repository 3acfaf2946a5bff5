package dev.cxr.data.augment;

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

/** Lays pictures of one size out in rows on dark gray, each with words underneath. */
public final class TileGrid {

  /** A picture and the words underneath, each of which stays on one line. */
  public record Tile(GrayImage picture, List<String> words) {}

  private static final int GAP = 8;
  private static final int MARGIN = 12;
  private static final byte GROUND = 0x24; // darker than a dim picture, lighter than a black one
  private static final Color TEXT = Color.WHITE;

  private final List<List<Tile>> rows;
  private final int tileWidth;
  private final int tileHeight;
  private final Font font;

  private TileGrid(List<List<Tile>> rows) {
    this.rows = rows;
    GrayImage first = rows.get(0).get(0).picture();
    tileWidth = first.width();
    tileHeight = first.height();
    font = new Font(Font.SANS_SERIF, Font.PLAIN, Math.max(10, Math.min(14, tileWidth / 16)));
  }

  /**
   * The sheet.
   *
   * @param rows at least one, of at least one tile
   */
  public static GrayImage of(List<List<Tile>> rows) {
    return new TileGrid(rows).drawn();
  }

  private GrayImage drawn() {
    FontMetrics metrics = metrics();
    List<Integer> heights = new ArrayList<>();
    for (List<Tile> row : rows) {
      int lines = row.stream().mapToInt(t -> lines(t.words(), metrics).size()).max().orElse(0);
      heights.add(tileHeight + lines * metrics.getHeight());
    }
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int width = 2 * MARGIN + columns * (tileWidth + GAP) - GAP;
    int height = 2 * MARGIN + heights.stream().mapToInt(h -> h + GAP).sum() - GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    byte[] pixels = ((DataBufferByte) sheet.getRaster().getDataBuffer()).getData();
    Arrays.fill(pixels, GROUND);
    Graphics2D pen = pen(sheet);
    int top = MARGIN;
    for (int row = 0; row < rows.size(); row++) {
      int left = MARGIN;
      for (Tile tile : rows.get(row)) {
        // Past the pen, whose colours would bend the grays.
        sheet
            .getRaster()
            .setDataElements(left, top, tileWidth, tileHeight, tile.picture().pixels());
        int base = top + tileHeight + metrics.getAscent() + 2;
        for (String line : lines(tile.words(), metrics)) {
          pen.drawString(line, left, base);
          base += metrics.getHeight();
        }
        left += tileWidth + GAP;
      }
      top += heights.get(row) + GAP;
    }
    pen.dispose();
    return new GrayImage(width, height, pixels);
  }

  /** The words in lines no longer than a tile is wide, as far as they can be. */
  private List<String> lines(List<String> words, FontMetrics metrics) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : words) {
      String longer = line.isEmpty() ? word : line + "  " + word;
      if (metrics.stringWidth(longer) > tileWidth && !line.isEmpty()) {
        lines.add(line);
        line = word;
      } else {
        line = longer;
      }
    }
    lines.add(line);
    return lines;
  }

  private FontMetrics metrics() {
    Graphics2D pen = pen(new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY));
    try {
      return pen.getFontMetrics();
    } finally {
      pen.dispose();
    }
  }

  private Graphics2D pen(BufferedImage on) {
    Graphics2D pen = on.createGraphics();
    pen.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    pen.setFont(font);
    pen.setColor(TEXT);
    return pen;
  }
}
