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
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Renders a Mustache template inside the page that all reports share.
 *
 * <p>The template is a resource beside the class that owns it. It starts with {@code {{<page}}} and
 * fills the blocks {@code title} and {@code content}. {@code {{>chart}}} draws a {@link Chart},
 * whose style sheet is {@code charts.css}. Values are records or maps and are escaped unless the
 * template says {@code {{{name}}}}. The page loads nothing: style sheets and images are embedded.
 */
public final class HtmlPage {

  private static final Set<String> SHARED = Set.of("page", "report.css", "chart", "charts.css");

  private HtmlPage() {}

  /**
   * {@return the page}
   *
   * @param owner the class beside the template
   * @param template the name of its file, without {@code .mustache}
   * @param values the values of its names
   * @throws com.samskivert.mustache.MustacheException if a name has no value or the template is
   *     invalid
   */
  public static String render(Class<?> owner, String template, Object values) {
    return render(owner, template, values, UnaryOperator.identity());
  }

  /**
   * {@return the page, with values in another form}
   *
   * @param owner the class beside the template
   * @param template the name of its file, without {@code .mustache}
   * @param values the values of its names
   * @param display applied to every value
   */
  public static String render(
      Class<?> owner, String template, Object values, UnaryOperator<Object> display) {
    return Mustache.compiler()
        .strictSections(true)
        .withCollector(new RecordCollector(display))
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

  /** Reads records and maps; an Optional is a section of one element or none. */
  private static final class RecordCollector extends DefaultCollector {

    private final UnaryOperator<Object> display;

    RecordCollector(UnaryOperator<Object> display) {
      this.display = display;
    }

    @Override
    public Iterator<?> toIterator(Object value) {
      return value instanceof Optional<?> optional
          ? optional.map(display).stream().iterator()
          : super.toIterator(value);
    }

    @Override
    public Mustache.@Nullable VariableFetcher createFetcher(Object context, String name) {
      Mustache.VariableFetcher fetcher = super.createFetcher(context, name);
      return fetcher == null ? null : (c, n) -> display.apply(fetcher.get(c, n));
    }
  }
}
