package dev.cxr.eval.figure;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;

/**
 * The font of all figures, Liberation Sans, which has the widths of Arial. It comes with PDFBox, so
 * that every machine draws the same.
 */
final class FigureFont {

  private static final String RESOURCE =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private static final Font FONT = register();

  private FigureFont() {}

  /** Loads the font before something is drawn. */
  private static Font register() {
    try (InputStream in = FigureFont.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no font %s on the class path".formatted(RESOURCE));
      }
      Font font = Font.createFont(Font.TRUETYPE_FONT, in);
      GraphicsEnvironment.getLocalGraphicsEnvironment().registerFont(font);
      return font;
    } catch (FontFormatException e) {
      throw new IllegalStateException("a damaged font " + RESOURCE, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@return the family, as style sheets name it} */
  static String family() {
    return FONT.getFamily();
  }

  /** {@return the text in lines of a width, in the unit of the font size} */
  static List<String> wrap(String text, float size, float width) {
    if (text.isEmpty()) {
      return List.of();
    }
    AttributedString attributed = new AttributedString(text);
    attributed.addAttribute(TextAttribute.FONT, FONT.deriveFont(size));
    LineBreakMeasurer measurer =
        new LineBreakMeasurer(attributed.getIterator(), new FontRenderContext(null, true, true));
    List<String> lines = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      measurer.nextLayout(width);
      lines.add(text.substring(start, measurer.getPosition()).strip());
      start = measurer.getPosition();
    }
    return lines;
  }
}
