package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditFixtures.syntheticImage;
import static dev.cxr.data.audit.AuditFixtures.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditPageTest {

  private static final String HOSTILE = "<script>alert('1')<\" onload=\"x&.png";

  @TempDir private Path root;

  @BeforeEach
  void writeDataset() throws IOException {
    write(syntheticImage(0), root.resolve("train/PNEUMONIA/person1_bacteria_1.png"));
    write(syntheticImage(20), root.resolve("train/PNEUMONIA/person2_virus_1.png"));
    write(syntheticImage(40), root.resolve("train/NORMAL/IM-0001-0001.png"));
    write(syntheticImage(60), root.resolve("test/NORMAL/IM-0301-0001.png"));
    write(syntheticImage(80), root.resolve("test/PNEUMONIA/person301_virus_1.png"));
  }

  @Test
  void loadsNothingFromOutside() throws IOException {
    String page = page();
    assertThat(page)
        .doesNotContain("http://", "https://", "<script", "<link", "@import", "url(")
        .contains("Content-Security-Policy\" content=\"default-src 'none'");
    assertThat(matches(page, "\\ssrc=\"([^\"]*)\""))
        .isNotEmpty()
        .allMatch(source -> source.startsWith("data:image/jpeg;base64,"));
  }

  @Test
  void embedsSmallJpegsWithAltText() throws IOException {
    String page = page();
    assertThat(matches(page, "(<img)")).hasSize(5);
    assertThat(matches(page, "<img src=\"[^\"]*\" alt=\"([^\"]+)\""))
        .contains("NORMAL, train/NORMAL/IM-0001-0001.png")
        .hasSize(5);
    for (String image : matches(page, "base64,([^\"]*)\"")) {
      assertThat(
              ImageDecoder.decode(Base64.getDecoder().decode(image.replace("&#x3D;", "="))).width())
          .isEqualTo(192);
    }
  }

  @Test
  void hasTableHeadersAndSectionTitles() throws IOException {
    String page = page();
    assertThat(matches(page, "(<table)"))
        .hasSameSizeAs(matches(page, "(<thead>\\s*<tr><th scope)"));
    assertThat(matches(page, "<section aria-labelledby=\"([^\"]*)\""))
        .isEqualTo(matches(page, "<h2 id=\"([^\"]*)\""))
        .containsExactlyInAnyOrderElementsOf(matches(page, "href=\"#([^\"]*)\""));
  }

  @Test
  void escapesFileNames() throws IOException {
    Files.writeString(root.resolve("train/NORMAL").resolve(HOSTILE), "unreadable");
    write(syntheticImage(0), root.resolve("test/PNEUMONIA").resolve("<b>equal" + HOSTILE));
    write(
        AuditFixtures.mapPixels(syntheticImage(20), v -> v + 9),
        root.resolve("test/PNEUMONIA").resolve("<b>near" + HOSTILE));
    write(syntheticImage(90), root.resolve("test/PNEUMONIA").resolve("<b>sample" + HOSTILE));
    String page = page();
    assertThat(page)
        .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;&quot; onload&#x3D;&quot;x&amp;.png")
        .contains("&lt;b&gt;equal", "&lt;b&gt;near", "&lt;b&gt;sample")
        .doesNotContain("<script", "<b>equal", "<b>near", "<b>sample", "\" onload");
  }

  @Test
  void startsWithVerdictAndIssues() throws IOException {
    write(syntheticImage(0), root.resolve("test/PNEUMONIA/person302_bacteria_1.png"));
    AuditReport report = Audit.run(dataset());
    assertThat(AuditPage.render(report, dataset()))
        .containsSubsequence(
            "class=\"verdict unfit\">Not fit for training: 1 error would make results invalid.",
            "class=\"error\"><b>Error</b><span>1 image is in training and test.",
            "id=\"counts\"",
            "person302_bacteria_1.png");
    assertThat(AuditPage.render(Audit.run(dataset(), true), dataset()))
        .containsSubsequence(
            "class=\"verdict allowed\">Allowed by --allow-errors, although 1 error would make",
            "class=\"error\"><b>Allowed</b><span>1 image is in training and test.");
  }

  @Test
  void truncatesLongLists() throws IOException {
    for (int i = 0; i < 23; i++) {
      Files.writeString(root.resolve("train/NORMAL/IM-%04d-0001.png".formatted(500 + i)), "x");
    }
    assertThat(page())
        .contains("IM-0519-0001.png", "And 3 more, in audit.json.")
        .doesNotContain("IM-0520-0001.png");
  }

  @Test
  void showsNearDuplicatesSideBySide() throws IOException {
    for (int i = 0; i < 5; i++) { // 15 pairs with the one in train
      int more = i;
      write(
          AuditFixtures.mapPixels(syntheticImage(40), v -> v + 3 + 4 * more),
          root.resolve("test/NORMAL/IM-%04d-0001.png".formatted(500 + i)));
    }
    String page = page();
    assertThat(page)
        .contains("5 pairs in training and test, 0 in train and validation, 10 in one split.")
        .contains("And 3 more pairs; audit.json lists the first 15.");
    assertThat(matches(page, "(<div class=\"pair\">)")).hasSize(12);
  }

  @Test
  void labelsTheSyntheticSample() throws IOException {
    assertThat(page()).doesNotContain("synthetic.");
    DatasetIndex sample = DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT);
    DatasetIndex some = sample.withXrays(sample.xrays().subList(0, 9), List.of());
    assertThat(AuditPage.render(Audit.run(some), some))
        .contains("<strong>These images are synthetic.</strong>", "no medical meaning");
  }

  private String page() throws IOException {
    return AuditPage.render(Audit.run(dataset()), dataset());
  }

  private DatasetIndex dataset() throws IOException {
    return DatasetReader.read(root.toString(), ValidationSplitRule.DEFAULT);
  }

  private static List<String> matches(String page, String pattern) {
    return Pattern.compile(pattern)
        .matcher(page)
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }
}
