package dev.cxr.common.font;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.GraphicsEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The font of all drawings, which has the widths of Arial. It comes with PDFBox, so that every
 * machine draws the same, also one without fonts.
 */
public final class LiberationSans {

  private static final String RESOURCE =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

  private static final Font FONT = register();

  private LiberationSans() {}

  /** Registered, so that style sheets of SVG images find it by its family. */
  private static Font register() {
    try (InputStream in = LiberationSans.class.getResourceAsStream(RESOURCE)) {
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
  public static String family() {
    return FONT.getFamily();
  }

  /**
   * {@return the font}
   *
   * @param size in the unit of the drawing
   */
  public static Font ofSize(float size) {
    return FONT.deriveFont(size);
  }
}
