package dev.cxr.data.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.download.TestFileServer;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.Main;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DownloadCommandTest {

  @TempDir private Path parent;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--out OUT | --source",
        "--source kaggle --out OUT | kaggle",
        "--source pneumoniamnist --size 32 --out OUT | 28, 64, 128 or 224",
        "--source mendeley --size 64 --out OUT | original sizes",
        "--source mendeley --mirror xrays --out OUT | https://",
        "--source mendeley --mirror file:///tmp --out OUT | https://",
        "--source mendeley --mirror http://me:secret@localhost/ --out OUT | without a user name",
        "--source mendeley --mirror http://localhost/?a=b --out OUT | ? or #"
      })
  void rejectsInvalidOptionsBeforeCreatingFiles(String arguments, String expected)
      throws Exception {
    CapturedOutput<Integer> run =
        run(
            Stream.of("download " + arguments)
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .map(word -> word.equals("OUT") ? parent.resolve("deep/xrays").toString() : word)
                .toArray(String[]::new));
    assertThat(run.value()).isEqualTo(2);
    assertThat(run.err()).contains(expected).doesNotContain("secret");
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void rejectsAFileOfAnotherSize() throws Exception {
    try (TestFileServer server = new TestFileServer(new byte[1000])) {
      CapturedOutput<Integer> run =
          run(
              "download",
              "--source",
              "PneumoniaMNIST",
              "--size",
              "64",
              "--out",
              parent.resolve("xrays").toString(),
              "--mirror",
              server.uri("/mirror").toString());
      assertThat(run.value()).isEqualTo(1);
      assertThat(run.out())
          .contains("PneumoniaMNIST 64 x 64", "20.6 MB", "CC BY 4.0", "s41597-022-01721-8");
      assertThat(run.err())
          .contains("Expected 20,606,998 bytes of pneumoniamnist_64.npz; found 1,000")
          .contains(parent.resolve("pneumoniamnist_64.npz").toString());
      assertThat(server.requests()).hasSize(1);
      assertThat(server.requests().get(0).uri().getPath())
          .isEqualTo("/mirror/pneumoniamnist_64.npz");
    }
    assertThat(parent).isEmptyDirectory();
  }

  private static CapturedOutput<Integer> run(String... arguments) throws Exception {
    return CapturedOutput.during(() -> new Main().run(arguments));
  }
}
