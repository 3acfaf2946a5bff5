package dev.cxr.data.download.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.download.TestFileServer;
import dev.cxr.common.files.FileLock;
import dev.cxr.common.testing.CapturedOutput;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
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
class AcquisitionTest {

  /** As numpy.savez_compressed wrote it. */
  private static final String NPZ = "/dev/cxr/data/catalogue/numpy.npz";

  @TempDir private Path parent;
  private byte[] zip = {};
  private TestFileServer server;

  @BeforeEach
  void serveAZip() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("chest_xray/train/NORMAL/IM-0115-0001.jpeg", Zips.jpeg(1));
    entries.put("chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg", Zips.jpeg(2));
    entries.put("chest_xray/test/NORMAL/IM-0001-0001.jpeg", Zips.jpeg(3));
    entries.put("chest_xray/.DS_Store", new byte[10]);
    zip = Zips.zip(entries);
    server = new TestFileServer(zip);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void whatIsLeftCanBeGivenToDataAtOnce() throws Exception {
    CapturedOutput<Void> run = acquire();
    Catalogue catalogue = Catalogue.open(out().toString(), ValidationRule.DEFAULT);
    assertThat(catalogue.xrays()).hasSize(3);
    assertThat(catalogue.in(Split.TEST)).hasSize(1);
    assertThat(catalogue.notices()).isEmpty();
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(out()));
    assertThat(run.out().lines())
        .containsExactly(
            "A stand-in, 0.0 MB",
            "Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
            "Cite:    Somebody (2018).",
            "Cite:    Another (2023).",
            "Fetching a.zip (0.0 MB) from 127.0.0.1",
            "3 pictures in %s, with LICENCE.txt.".formatted(out()),
            "%s has been removed: the folder holds all its pictures.".formatted(archive()),
            "Next:   mvn -q -pl cxr-data exec:java -Dexec.args=\"audit --data %s\""
                .formatted(out()),
            "        mvn -q -pl cxr-train exec:java -Dexec.args=\"--data %s\"".formatted(out()));
  }

  @Test
  void anArchiveThatIsACollectionStaysWhole() throws Exception {
    byte[] npz;
    try (InputStream in = AcquisitionTest.class.getResourceAsStream(NPZ)) {
      npz = in.readAllBytes();
    }
    CapturedOutput<Void> run;
    try (TestFileServer other = new TestFileServer(npz)) {
      run = acquire(Zips.collection(other.uri("/a.npz"), "a.npz", npz, new WholeArchive()));
    }
    Path data = out().resolve("a.npz");
    assertThat(data).hasBinaryContent(npz);
    assertThat(run.out())
        .contains("11 pictures in %s, with LICENCE.txt.".formatted(out()))
        .contains("-Dexec.args=\"audit --data %s\"".formatted(data));
    assertThat(Catalogue.open(data.toString(), ValidationRule.DEFAULT).xrays()).hasSize(11);
  }

  @Test
  void licenceCitationAndOriginStayWithTheData() throws Exception {
    acquire();
    assertThat(Files.readString(out().resolve("LICENCE.txt")))
        .contains("CC BY 4.0, https://creativecommons.org/licenses/by/4.0/")
        .contains("Cite:    Somebody (2018).\nCite:    Another (2023).\n")
        .contains("From:    " + server.uri("/a.zip"))
        .contains("File:    a.zip, " + collection().file().checksum())
        .contains("Changes: Nothing is changed.");
  }

  @Test
  void aFolderThatExistsIsRefusedBeforeAnythingIsAsked() throws Exception {
    Files.createDirectories(out());
    assertThatThrownBy(this::acquire)
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(out() + " exists already")
        .hasMessageContaining("--data");
    assertThat(server.requests()).isEmpty();
    assertThat(out()).isEmptyDirectory();
  }

  @Test
  void anArchiveThatAPersonPutThereIsUsedAndStays() throws Exception {
    Files.write(archive(), zip);
    CapturedOutput<Void> run = acquire();
    assertThat(server.requests()).isEmpty();
    assertThat(archive()).hasBinaryContent(zip);
    assertThat(out().resolve("train/NORMAL/IM-0115-0001.jpeg")).exists();
    assertThat(run.out()).contains(archive() + " is still there: it was before.");
  }

  @Test
  void whenUnpackingFailsTheArchiveStaysAndTheFolderDoesNotAppear() throws Exception {
    PublicCollection broken =
        Zips.collection(
            server.uri("/a.zip"),
            "a.zip",
            zip,
            (archive, folder) -> {
              Files.writeString(folder.resolve("half.txt"), "half");
              throw new IOException("No space left on device");
            });
    assertThatThrownBy(() -> acquire(broken)).hasMessage("No space left on device");
    assertThat(archive()).hasBinaryContent(zip);
    assertThat(parent).isDirectoryNotContaining(path -> !path.equals(archive()));

    acquire();
    assertThat(server.requests()).hasSize(1);
    assertThat(out().resolve("train/NORMAL/IM-0115-0001.jpeg")).exists();
  }

  @Test
  void twoAtWorkOnOneFolderAreOneTooMany() throws Exception {
    FileLock claim = FileLock.acquire(out());
    try (claim) {
      assertThatThrownBy(this::acquire)
          .isInstanceOf(UserErrorException.class)
          .hasMessageContaining("alone at work on " + out());
    }
    assertThat(server.requests()).isEmpty();
    acquire();
    assertThat(out()).isNotEmptyDirectory();
  }

  @Test
  void aMirrorIsAskedForTheArchiveByItsName() throws Exception {
    for (String base : new String[] {"/mirror/xrays", "/mirror/xrays/"}) {
      assertThat(collection().from(server.uri(base)).file().uri())
          .isEqualTo(server.uri("/mirror/xrays/a.zip"));
    }
    acquire(collection().from(server.uri("/mirror")));
    assertThat(server.requests().get(0).uri().getPath()).isEqualTo("/mirror/a.zip");
    assertThat(Files.readString(out().resolve("LICENCE.txt")))
        .contains("From:    " + server.uri("/mirror/a.zip"));
  }

  private CapturedOutput<Void> acquire() throws Exception {
    return acquire(collection());
  }

  private CapturedOutput<Void> acquire(PublicCollection collection) throws Exception {
    return CapturedOutput.during(
        () -> {
          new Acquisition(collection, out()).run();
          return null;
        });
  }

  private PublicCollection collection() {
    return Zips.collection(server.uri("/a.zip"), "a.zip", zip, new PictureZip());
  }

  private Path out() {
    return parent.resolve("xrays");
  }

  private Path archive() {
    return parent.resolve("a.zip");
  }
}
