package dev.cxr.models.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder that is no bundle, or no longer the one that was written, is refused. */
class DamagedBundleTest {

  @TempDir private static Path pristine;
  @TempDir private Path scratch;
  private Path bundle = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    if (TestBundles.files(pristine).isEmpty()) {
      TestBundles.write(pristine, TestBundles.manifest());
    }
    bundle = TestBundles.copy(pristine, scratch.resolve("bundle"));
  }

  @Test
  void rejectsAnyChangedByte() throws IOException {
    Random random = new Random(20_260_101);
    List<Path> files = TestBundles.files(bundle);
    for (int i = 0; i < 200; i++) {
      // By file first: the parameters are nearly all of the bytes.
      Path file = files.get(random.nextInt(files.size()));
      byte[] content = Files.readAllBytes(file);
      int position = random.nextInt(content.length);
      byte before = content[position];
      content[position] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, content);
      TestBundles.assertOpenRejected(bundle, "");
      content[position] = before;
      Files.write(file, content);
    }
    assertThat(Bundle.open(bundle).manifest()).isEqualTo(TestBundles.manifest());
  }

  @Test
  void rejectsAnyChangedBitInChecksums() throws IOException {
    Path file = bundle.resolve("SHA256SUMS");
    byte[] content = Files.readAllBytes(file);
    int firstLine = new String(content, StandardCharsets.UTF_8).indexOf('\n');
    for (int position = 0; position <= firstLine; position++) {
      for (int bit = 0; bit < 8; bit++) {
        content[position] ^= (byte) (1 << bit);
        Files.write(file, content);
        TestBundles.assertOpenRejected(bundle, "");
        content[position] ^= (byte) (1 << bit);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bundle.json",
        "serving.properties",
        TestBundles.PARAMETERS,
        "synset.txt",
        "golden.png",
        "golden.json",
        "MODEL_CARD.md",
        "history.csv",
        "SHA256SUMS"
      })
  void rejectsMissingFiles(String name) throws IOException {
    Files.delete(bundle.resolve(name));
    TestBundles.assertOpenRejected(bundle, name);
  }

  @Test
  void rejectsFoldersThatAreNotBundles() throws IOException {
    Path empty = Files.createDirectory(scratch.resolve("empty"));
    TestBundles.assertOpenRejected(empty, "no bundle.json in it");
    TestBundles.assertOpenRejected(scratch.resolve("nowhere"), "no folder there");
    TestBundles.assertOpenRejected(bundle.resolve("golden.png"), "no folder there");
  }

  @Test
  void rejectsFolderInPlaceOfFile() throws IOException {
    for (String name : List.of("SHA256SUMS", "golden.png", "bundle.json")) {
      Path folder = TestBundles.copy(pristine, scratch.resolve("with-folder-" + name));
      Files.delete(folder.resolve(name));
      Files.createDirectory(folder.resolve(name));
      TestBundles.assertOpenRejected(folder, name);
    }
  }

  @Test
  void rejectsChecksumsOfFilesOutsideTheFolder() throws IOException {
    Path outside = Files.writeString(scratch.resolve("outside.txt"), "outside\n");
    String sum = Sha256.hex(outside);
    for (String name :
        List.of("../outside.txt", outside.toString(), "..", ".", "*bundle.json", "a/../b")) {
      String sums = Files.readString(pristine.resolve("SHA256SUMS"));
      Files.writeString(bundle.resolve("SHA256SUMS"), sums + sum + "  " + name + "\n");
      TestBundles.assertOpenRejected(bundle, "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"junk", "\u0000", "0123  bundle.json", " ", "é  bundle.json", "\r"})
  void rejectsMalformedChecksumLines(String line) throws IOException {
    Path file = bundle.resolve("SHA256SUMS");
    Files.writeString(file, Files.readString(file) + line + "\n");
    TestBundles.assertOpenRejected(bundle, "a line in SHA256SUMS that is not a checksum");
  }

  @Test
  void rejectsChecksumsWithoutTheManifest() throws IOException {
    Path file = bundle.resolve("SHA256SUMS");
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.stream().filter(line -> !line.endsWith("bundle.json")).toList());
    TestBundles.assertOpenRejected(bundle, "bundle.json not in SHA256SUMS");
    Files.writeString(file, "");
    TestBundles.assertOpenRejected(bundle, "bundle.json not in SHA256SUMS");
  }

  @Test
  void rejectsOversizedChecksumFile() throws IOException {
    Path file = bundle.resolve("SHA256SUMS");
    Files.writeString(file, Files.readString(file) + "\n".repeat(1 << 20));
    TestBundles.assertOpenRejected(bundle, "no readable SHA256SUMS");
  }
}
