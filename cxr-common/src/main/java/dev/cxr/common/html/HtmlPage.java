package dev.cxr.common.html;

import com.samskivert.mustache.DefaultCollector;
import com.samskivert.mustache.Mustache;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Fills a Mustache template with values and sets it into the page that all reports share.
 *
 * <p>The template lies beside the class that owns it and begins with {@code {{<page}}}: it fills
 * the blocks {@code title} and {@code content}. {@code {{>chart}}} draws a {@link Chart}, whose
 * style sheet is {@code charts.css}. Values are records or maps; what they hold is escaped,
 * whatever it is, unless the template says {@code {{{name}}}}. The page loads nothing: the style
 * sheet is in it, pictures are data URIs.
 */
public final class HtmlPage {

  private static final Set<String> SHARED = Set.of("page", "report.css", "chart", "charts.css");

  private HtmlPage() {}

  /**
   * The whole page.
   *
   * @param owner the class beside which the template lies
   * @param template its file name, without {@code .mustache}
   * @param values what its names stand for
   * @throws com.samskivert.mustache.MustacheException if a name stands for nothing, or the template
   *     is no template
   */
  public static String render(Class<?> owner, String template, Object values) {
    return Mustache.compiler()
        .strictSections(true)
        .withCollector(new RecordCollector())
        .withLoader(name -> openResource(SHARED.contains(name) ? HtmlPage.class : owner, name))
        .loadTemplate(template)
        .execute(values);
  }

  private static Reader openResource(Class<?> owner, String name) {
    String file = name.contains(".") ? name : name + ".mustache";
    InputStream in = owner.getResourceAsStream(file);
    if (in == null) {
      throw new IllegalArgumentException("no resource %s beside %s".formatted(file, owner));
    }
    return new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  /** Reads records and maps; an Optional is a section of one or of nothing. */
  private static final class RecordCollector extends DefaultCollector {
    @Override
    public Iterator<?> toIterator(Object value) {
      return value instanceof Optional<?> optional
          ? optional.stream().iterator()
          : super.toIterator(value);
    }
  }
}
