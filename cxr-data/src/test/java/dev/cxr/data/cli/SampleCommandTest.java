package dev.cxr.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.Main;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCommandTest {

  @TempDir private Path folder;

  @Test
  void writesAFolderThatReadsBackAsTheSample() throws Exception {
    Path target = folder.resolve("sample");
    CapturedOutput<Integer> run = run("sample", "--out", target.toString());
    assertThat(run.value()).isZero();
    assertThat(run.err()).isEmpty();

    DatasetIndex sample = DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT);
    DatasetIndex written = DatasetReader.read(target.toString(), ValidationSplitRule.DEFAULT);
    assertThat(run.out()).contains(sample.xrays().size() + " synthetic images in " + target);
    assertThat(written.notices()).isEmpty();
    for (Split split : Split.values()) {
      assertThat(describe(written, split))
          .containsExactlyInAnyOrderElementsOf(describe(sample, split));
    }
    for (int i = 0; i < sample.xrays().size(); i += 50) {
      Xray drawn = sample.xrays().get(i);
      Xray read =
          written.xrays().stream().filter(x -> x.id().equals(drawn.id())).findAny().orElseThrow();
      assertThat(read.source().read()).as(drawn.id()).isEqualTo(drawn.source().read());
    }
  }

  @Test
  void rejectsAnExistingFolder() throws Exception {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    CapturedOutput<Integer> run = run("--out", folder.toString());
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.err()).startsWith("cxr: Expected a new folder").contains(folder.toString());
    assertThat(run.err().lines()).hasSize(1);
    assertThat(folder.resolve("mine.txt")).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining("regex:.*(train|test|unfinished).*");
  }

  private static CapturedOutput<Integer> run(String... arguments) throws Exception {
    return CapturedOutput.during(() -> new Main().run(arguments));
  }

  private static List<String> describe(DatasetIndex catalogue, Split split) throws IOException {
    return catalogue.inSplit(split).stream()
        .map(x -> x.id() + " " + x.finding() + " " + x.patient())
        .toList();
  }
}
