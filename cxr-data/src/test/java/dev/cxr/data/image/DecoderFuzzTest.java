package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.common.testing.ChildJvm;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken files are decoded or rejected by name, within 2 s of work and 64 MiB of heap. The profile
 * {@code soak} breaks 10,000 of each kind instead of a few hundred.
 */
@Timeout(value = 1800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecoderFuzzTest {

  private static final String MUTANTS = System.getProperty("cxr.mutants");

  /** 64 MiB for decoding and 8 for the process itself, in one piece but for 6 MiB. */
  private static final List<String> HEAP = List.of("-Xmx72m", "-Xmn6m");

  @TempDir private Path parent;
  private Path files;

  @BeforeEach
  void createFolder() throws IOException {
    files = Files.createDirectory(parent.resolve("whole"));
  }

  @Test
  void mutatedFilesAreDecodedOrRejectedByName() throws IOException {
    for (Map.Entry<String, byte[]> file : TestFiles.ofEveryFormat().entrySet()) {
      Files.write(files.resolve(file.getKey()), file.getValue());
    }
    assertNoFailures("1");
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "CXR_DATA_DIR", matches = ".+")
  void mutatedRealFilesAreDecodedOrRejectedByName() throws IOException {
    Path data = Path.of(System.getenv("CXR_DATA_DIR"));
    copyFiles(data.resolve("originals"), "", 20);
    copyFiles(data.resolve("dicom"), "truncated", 20);
    copyFiles(data.resolve("chest-xray/test"), "", 10);
    for (Path original : listFiles(data.resolve("originals"), "", 3)) {
      BufferedImage image = asImage(ImageDecoder.decode(original));
      Files.write(files.resolve(original.getFileName() + ".png"), TestFiles.png(image));
      Files.write(files.resolve(original.getFileName() + ".tiff"), TestFiles.tiff(image, "LZW", 0));
    }
    assertNoFailures("2");
  }

  private void assertNoFailures(String seed) throws IOException {
    try (ChildJvm child =
        ChildJvm.start(
            Map.of(),
            HEAP,
            DecoderFuzzProcess.class,
            files.toString(),
            parent.resolve("mutant").toString(),
            MUTANTS,
            seed)) {
      String summary = child.lineAfter("done: ");
      System.out.println("Mutants: " + summary);
      assertThat(summary).startsWith(MUTANTS + " mutants").doesNotContain(" 0 refused");
    }
  }

  private void copyFiles(Path folder, String without, int most) throws IOException {
    for (Path file : listFiles(folder, without, most)) {
      Files.copy(file, files.resolve(file.getFileName()));
    }
  }

  private static List<Path> listFiles(Path folder, String without, int most) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found
          .filter(Files::isRegularFile)
          .filter(f -> without.isEmpty() || !f.getFileName().toString().contains(without))
          .sorted()
          .limit(most)
          .toList();
    }
  }

  private static BufferedImage asImage(GrayImage gray) {
    var image = new BufferedImage(gray.width(), gray.height(), BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setDataElements(0, 0, gray.width(), gray.height(), gray.pixels());
    return image;
  }
}
