package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.CapturedOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageZipUnpackerTest {

  private static final byte[] BYTES = "not looked at".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path outside;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectories(outside.resolve("a/b/folder"));
  }

  @Test
  void unpacksImagesAndSkipsMacFiles() throws Exception {
    Path archive =
        archive(
            "chest_xray/",
            "chest_xray/.DS_Store",
            "chest_xray/train/NORMAL/IM-0115-0001.jpeg",
            "chest_xray/train/NORMAL/.DS_Store",
            "chest_xray/train/PNEUMONIA/person1_bacteria_1.jpeg",
            "chest_xray/val/PNEUMONIA/person1946_bacteria_4874.JPG",
            "chest_xray/test/NORMAL/NORMAL2-IM-0381-0001.jpeg",
            "__MACOSX/chest_xray/train/NORMAL/._IM-0115-0001.jpeg");
    CapturedOutput<Integer> run =
        CapturedOutput.during(() -> new ImageZipUnpacker().unpack(archive, folder));
    assertThat(run.value()).isEqualTo(4);
    assertThat(run.out()).isEmpty();
    assertThat(files())
        .containsExactlyInAnyOrder(
            "train/NORMAL/IM-0115-0001.jpeg",
            "train/PNEUMONIA/person1_bacteria_1.jpeg",
            "val/PNEUMONIA/person1946_bacteria_4874.JPG",
            "test/NORMAL/NORMAL2-IM-0381-0001.jpeg");
    assertThat(folder.resolve("train/NORMAL/IM-0115-0001.jpeg")).hasBinaryContent(BYTES);
  }

  @Test
  void reportsSkippedEntries() throws Exception {
    Path archive =
        archive(
            "chest_xray/train/NORMAL/a.jpeg",
            "readme\u001B[31m.txt",
            "chest_xray/train/NORMAL/run.sh",
            "chest_xray/train/OTHER/b.jpeg",
            "chest_xray/train/NORMAL/deeper/c.jpeg",
            "other/train/NORMAL/d.jpeg");
    CapturedOutput<Integer> run =
        CapturedOutput.during(() -> new ImageZipUnpacker().unpack(archive, folder));
    assertThat(run.value()).isEqualTo(1);
    assertThat(files()).containsExactly("train/NORMAL/a.jpeg");
    assertThat(run.out().lines())
        .containsExactly(
            "Skipped 5 entries that are not images of a class, the first is 'readme?[31m.txt'.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.jpeg",
        "chest_xray/train/NORMAL/../../../../evil.jpeg",
        "chest_xray/train/NORMAL/..",
        "/tmp/evil.jpeg",
        "C:/evil.jpeg",
        "..\\evil.jpeg",
        "chest_xray\\train\\NORMAL\\evil.jpeg",
        "chest_xray/train/NORMAL/evil.jpeg:stream"
      })
  void skipsNamesThatLeaveTheFolder(String name) throws Exception {
    Path archive = archive("chest_xray/train/NORMAL/a.jpeg", name);
    CapturedOutput<Integer> run =
        CapturedOutput.during(() -> new ImageZipUnpacker().unpack(archive, folder));
    assertThat(run.value()).isEqualTo(1);
    assertThat(run.out()).contains("Skipped 1 entries", name);
    assertThat(allFiles(outside))
        .containsExactlyInAnyOrder("archive.zip", "a/b/folder/train/NORMAL/a.jpeg");
  }

  @Test
  void rejectsTooManyBytesWhateverTheZipClaims() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("chest_xray/train/NORMAL/a.jpeg", new byte[600_000]);
    entries.put("chest_xray/train/NORMAL/b.jpeg", new byte[600_000]);
    byte[] zip = TestArchives.zip(entries);
    assertThat(zip.length).isLessThan(10_000);
    Path archive = Files.write(outside.resolve("archive.zip"), zip);
    assertThatThrownBy(() -> new ImageZipUnpacker(1_000_000).unpack(archive, folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("1,000,000 in total")
        .hasMessageContaining("train/NORMAL/b.jpeg");
    assertThat(Files.size(folder.resolve("train/NORMAL/b.jpeg"))).isLessThan(500_000);
    assertThat(new ImageZipUnpacker(1_200_000).unpack(archive, emptyFolder())).isEqualTo(2);
  }

  @Test
  void rejectsTooManyEntriesBeforeWriting() throws Exception {
    String[] names =
        Stream.iterate(0, i -> i + 1).limit(100_001).map(i -> "x" + i).toArray(String[]::new);
    Path archive = archive(names);
    assertThatThrownBy(() -> new ImageZipUnpacker().unpack(archive, folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("at most 100,000 entries")
        .hasMessageContaining("100,001");
  }

  @Test
  void rejectsDuplicateNames() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("chest_xray/train/NORMAL/a.jpeg", BYTES);
    entries.put("chest_xray/train/NORMAL/b.jpeg", BYTES);
    byte[] zip = TestArchives.zip(entries);
    // The zip writer of the JDK writes no name twice.
    byte[] twice =
        new String(zip, StandardCharsets.ISO_8859_1)
            .replace("b.jpeg", "a.jpeg")
            .getBytes(StandardCharsets.ISO_8859_1);
    Path archive = Files.write(outside.resolve("archive.zip"), twice);
    assertThatThrownBy(() -> new ImageZipUnpacker().unpack(archive, folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'chest_xray/train/NORMAL/a.jpeg' twice");
  }

  @Test
  void rejectsArchiveWithoutImages() throws Exception {
    Path archive = archive("chest_xray/", "chest_xray/train/");
    assertThatThrownBy(() -> new ImageZipUnpacker().unpack(archive, folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("images named chest_xray");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 500})
  void rejectsDamagedArchive(int bytesKept) throws Exception {
    byte[] whole =
        Files.readAllBytes(
            archive(
                "chest_xray/train/NORMAL/a.jpeg",
                "chest_xray/test/NORMAL/b.jpeg",
                "chest_xray/test/NORMAL/c.jpeg",
                "chest_xray/test/NORMAL/d.jpeg"));
    assertThat(whole.length).isGreaterThan(bytesKept);
    Path archive = Files.write(outside.resolve("archive.zip"), Arrays.copyOf(whole, bytesKept));
    assertThatThrownBy(() -> new ImageZipUnpacker().unpack(archive, folder))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("Expected a complete zip in " + archive)
        .hasMessageContaining("damage");
  }

  private Path archive(String... names) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name : names) {
      entries.put(name, name.endsWith("/") ? new byte[0] : BYTES);
    }
    return Files.write(outside.resolve("archive.zip"), TestArchives.zip(entries));
  }

  private Path emptyFolder() throws IOException {
    return Files.createDirectory(outside.resolve("another"));
  }

  private List<String> files() throws IOException {
    return allFiles(folder);
  }

  private static List<String> allFiles(Path root) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .toList();
    }
  }
}
