package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.TestFileServer;
import dev.cxr.common.files.FileLock;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatasetDownloaderTest {

  /** As numpy.savez_compressed wrote it. */
  private static final String NPZ = "/dev/cxr/data/index/numpy.npz";

  @TempDir private Path parent;
  private byte[] zip = {};
  private TestFileServer server;

  @BeforeEach
  void startServer() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("chest_xray/train/NORMAL/IM-0115-0001.jpeg", TestArchives.jpeg(1));
    entries.put("chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg", TestArchives.jpeg(2));
    entries.put("chest_xray/test/NORMAL/IM-0001-0001.jpeg", TestArchives.jpeg(3));
    entries.put("chest_xray/.DS_Store", new byte[10]);
    zip = TestArchives.zip(entries);
    server = new TestFileServer(zip);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  @Test
  void downloadedFolderOpensAsDataset() throws Exception {
    CapturedOutput<Void> run = download();
    DatasetIndex index = DatasetReader.read(out().toString(), ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).hasSize(3);
    assertThat(index.inSplit(Split.TEST)).hasSize(1);
    assertThat(index.notices()).isEmpty();
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(out()));
    assertThat(run.out().lines())
        .containsExactly(
            "A stand-in, 0.0 MB",
            "Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
            "Cite:    Somebody (2018).",
            "Cite:    Another (2023).",
            "Downloading a.zip (0.0 MB) from 127.0.0.1",
            "3 images in %s, with LICENCE.txt.".formatted(out()),
            "%s was deleted: the folder contains all its images.".formatted(archive()),
            "Next:   mvn -q -pl cxr-data exec:java -Dexec.args=\"audit --data %s\""
                .formatted(out()),
            "        mvn -q -pl cxr-train exec:java -Dexec.args=\"train --data %s\""
                .formatted(out()));
  }

  @Test
  void keepsArchiveThatIsADataset() throws Exception {
    byte[] npz;
    try (InputStream in = DatasetDownloaderTest.class.getResourceAsStream(NPZ)) {
      npz = in.readAllBytes();
    }
    CapturedOutput<Void> run;
    try (TestFileServer other = new TestFileServer(npz)) {
      run = download(TestArchives.dataset(other.uri("/a.npz"), "a.npz", npz, DatasetSource::copy));
    }
    Path data = out().resolve("a.npz");
    assertThat(data).hasBinaryContent(npz);
    assertThat(run.out())
        .contains("11 images in %s, with LICENCE.txt.".formatted(out()))
        .contains("-Dexec.args=\"audit --data %s\"".formatted(data));
    assertThat(DatasetReader.read(data.toString(), ValidationSplitRule.DEFAULT).xrays())
        .hasSize(11);
  }

  @Test
  void writesLicenceCitationAndOrigin() throws Exception {
    download();
    assertThat(Files.readString(out().resolve("LICENCE.txt")))
        .contains("CC BY 4.0, https://creativecommons.org/licenses/by/4.0/")
        .contains("Cite:    Somebody (2018).\nCite:    Another (2023).\n")
        .contains("From:    " + server.uri("/a.zip"))
        .contains("File:    a.zip, " + dataset().file().checksum())
        .contains("Changes: Nothing is changed.");
  }

  @Test
  void rejectsExistingFolderBeforeAnyRequest() throws Exception {
    Files.createDirectories(out());
    assertThatThrownBy(this::download)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(out() + " exists already")
        .hasMessageContaining("--data");
    assertThat(server.requests()).isEmpty();
    assertThat(out()).isEmptyDirectory();
  }

  @Test
  void usesAndKeepsExistingArchive() throws Exception {
    Files.write(archive(), zip);
    CapturedOutput<Void> run = download();
    assertThat(server.requests()).isEmpty();
    assertThat(archive()).hasBinaryContent(zip);
    assertThat(out().resolve("train/NORMAL/IM-0115-0001.jpeg")).exists();
    assertThat(run.out()).contains(archive() + " was kept: it existed before.");
  }

  @Test
  void failedUnpackingKeepsArchiveAndCreatesNoFolder() throws Exception {
    PublicDataset broken =
        TestArchives.dataset(
            server.uri("/a.zip"),
            "a.zip",
            zip,
            (archive, folder) -> {
              Files.writeString(folder.resolve("half.txt"), "half");
              throw new IOException("No space left on device");
            });
    assertThatThrownBy(() -> download(broken)).hasMessage("No space left on device");
    assertThat(archive()).hasBinaryContent(zip);
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(archive()));

    download();
    assertThat(server.requests()).hasSize(1);
    assertThat(out().resolve("train/NORMAL/IM-0115-0001.jpeg")).exists();
  }

  @Test
  void rejectsConcurrentDownloadToSameFolder() throws Exception {
    FileLock claim = FileLock.acquire(out());
    try (claim) {
      assertThatThrownBy(this::download)
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("no other process that writes " + out());
    }
    assertThat(server.requests()).isEmpty();
    download();
    assertThat(out()).isNotEmptyDirectory();
  }

  @Test
  void requestsArchiveByNameFromMirror() throws Exception {
    for (String base : new String[] {"/mirror/xrays", "/mirror/xrays/"}) {
      assertThat(dataset().withBaseUri(server.uri(base)).file().uri())
          .isEqualTo(server.uri("/mirror/xrays/a.zip"));
    }
    download(dataset().withBaseUri(server.uri("/mirror")));
    assertThat(server.requests().get(0).uri().getPath()).isEqualTo("/mirror/a.zip");
    assertThat(Files.readString(out().resolve("LICENCE.txt")))
        .contains("From:    " + server.uri("/mirror/a.zip"));
  }

  private CapturedOutput<Void> download() throws Exception {
    return download(dataset());
  }

  private CapturedOutput<Void> download(PublicDataset dataset) throws Exception {
    return CapturedOutput.during(
        () -> {
          new DatasetDownloader(dataset, out()).run();
          return null;
        });
  }

  private PublicDataset dataset() {
    return TestArchives.dataset(server.uri("/a.zip"), "a.zip", zip, new ImageZipUnpacker());
  }

  private Path out() {
    return parent.resolve("xrays");
  }

  private Path archive() {
    return parent.resolve("a.zip");
  }
}
