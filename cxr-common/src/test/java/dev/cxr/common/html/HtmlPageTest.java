package dev.cxr.common.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.samskivert.mustache.MustacheException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HtmlPageTest {

  private record Values(String title, List<String> lines, Optional<String> note) {}

  @Test
  void fillsTheBlocksOfTheSharedPage() {
    String page = page(new Values("Some report", List.of("one", "two"), Optional.of("noted")));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("<title>Some report</title>", "<p>one</p>", "<p>two</p>", "<em>noted</em>")
        .contains("<meta name=\"viewport\"", "prefers-color-scheme: dark", "@media print")
        .contains("Research software, not a medical device.")
        .doesNotContain("{{", "nothing noted");
  }

  @Test
  void rendersAnEmptyOptionalAsAnEmptySection() {
    assertThat(page(new Values("t", List.of(), Optional.empty())))
        .contains("<em>nothing noted</em>");
  }

  @Test
  void escapesValues() {
    String hostile = "<script>alert('1')</script>\" onerror=\"x & {{title}}";
    assertThat(page(new Values(hostile, List.of(hostile), Optional.of(hostile))))
        .doesNotContain("<script", "\" onerror")
        .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot; onerror&#x3D;");
  }

  @Test
  void rejectsUnknownNames() {
    assertThatThrownBy(() -> page(Map.of("title", "t")))
        .isInstanceOf(MustacheException.class)
        .hasMessageContaining("lines");
  }

  private static String page(Object values) {
    return HtmlPage.render(HtmlPageTest.class, "example", values);
  }
}
