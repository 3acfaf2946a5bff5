package dev.cxr.eval.figure;

import dev.cxr.common.font.LiberationSans;
import java.awt.font.FontRenderContext;
import java.awt.font.LineBreakMeasurer;
import java.awt.font.TextAttribute;
import java.text.AttributedString;
import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines. */
final class TextLines {

  private TextLines() {}

  /** {@return the text in lines of a width, in the unit of the font size} */
  static List<String> wrap(String text, float size, float width) {
    if (text.isEmpty()) {
      return List.of();
    }
    AttributedString attributed = new AttributedString(text);
    attributed.addAttribute(TextAttribute.FONT, LiberationSans.ofSize(size));
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
