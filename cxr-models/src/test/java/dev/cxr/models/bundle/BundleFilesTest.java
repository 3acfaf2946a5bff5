package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies in a bundle's folder. */
class BundleFilesTest {

  private static final String[] NAMES = {
    "MODEL_CARD.md",
    "SHA256SUMS",
    "bundle.json",
    "golden.json",
    "golden.png",
    "history.csv",
    "lungs-0007.params",
    "serving.properties",
    "synset.txt"
  };

  @TempDir private static Path bundle;

  @BeforeAll
  static void write() throws IOException {
    TestBundles.write(bundle, TestBundles.manifest());
  }

  @Test
  void writesExactlyTheFilesOfTheFormat() throws IOException {
    assertThat(TestBundles.files(bundle))
        .extracting(file -> file.getFileName().toString())
        .containsExactlyInAnyOrder(NAMES);
  }

  @Test
  void checksumsCoverEveryOtherFile() throws Exception {
    List<String> expected = new ArrayList<>();
    for (String name : NAMES) {
      if (!name.equals("SHA256SUMS")) {
        byte[] content = Files.readAllBytes(bundle.resolve(name));
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        expected.add(HexFormat.of().formatHex(digest) + "  " + name);
      }
    }
    String sums = Files.readString(bundle.resolve("SHA256SUMS"));
    assertThat(sums).isEqualTo(String.join("\n", expected) + "\n");
  }

  @Test
  void synsetListsClassesInOutputOrder() throws IOException {
    assertThat(bundle.resolve("synset.txt")).hasContent("NORMAL\nPNEUMONIA\n");
    assertThat(bundle.resolve("history.csv")).hasContent(TestBundles.HISTORY);
  }

  @Test
  void writingTwiceGivesTheSameBytes(@TempDir Path once, @TempDir Path twice) throws IOException {
    Manifest manifest = TestBundles.manifest();
    try (Model model = TestBundles.model(manifest)) {
      BundleWriter.write(once, manifest, model, TestBundles.HISTORY);
      BundleWriter.write(twice, manifest, model, TestBundles.HISTORY);
    }
    assertSameBytes(once, twice);
    assertSameBytes(once, bundle);
  }

  @Test
  void bytesDoNotDependOnLocale(@TempDir Path german, @TempDir Path arabic) throws IOException {
    writeIn(Locale.GERMANY, german);
    assertSameBytes(bundle, german);
    writeIn(Locale.forLanguageTag("ar-EG-u-nu-arab"), arabic);
    for (String name : List.of("MODEL_CARD.md", "serving.properties", "bundle.json")) {
      assertThat(arabic.resolve(name)).hasSameBinaryContentAs(bundle.resolve(name));
    }
  }

  private static void writeIn(Locale locale, Path folder) throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(locale);
      TestBundles.write(folder, TestBundles.manifest());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void filesContainNoPatientsImageNamesOrTimes() throws IOException {
    List<Xray> xrays =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT).xrays();
    for (Path file : TestBundles.files(bundle)) {
      String content = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (!file.endsWith(TestBundles.PARAMETERS) && !file.endsWith("SHA256SUMS")) {
        assertThat(content).as("%s", file).doesNotContainPattern("\\d\\d:\\d\\d");
      }
      for (Xray xray : xrays) {
        assertThat(content.contains(xray.patient())).as("%s in %s", xray, file).isFalse();
      }
      assertThat(content).as("%s", file).doesNotContain("tEXt", "iTXt", "tIME", "eXIf");
    }
  }

  private static void assertSameBytes(Path expected, Path folder) throws IOException {
    for (Path file : TestBundles.files(expected)) {
      assertThat(folder.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
    assertThat(TestBundles.files(folder)).hasSameSizeAs(TestBundles.files(expected));
  }
}
