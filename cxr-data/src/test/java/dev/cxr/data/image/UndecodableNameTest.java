package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.testing.ChildJvm;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX) // other systems have names of text only
class UndecodableNameTest {

  private static final String LATIN_1 = "M%FCller.png";
  private static final String UTF_8 = "M%C3%BCller.png";
  private static final String REPLACEMENT = "a%EF%BF%BDb.png";

  @TempDir Path folder;

  /** A file, by its name as in a URI. */
  private Path image(String encodedName) throws IOException {
    Path file = Path.of(URI.create(folder.toUri() + encodedName));
    Files.createDirectories(file.getParent());
    return Files.write(file, TestFiles.png(TestFiles.testScene(BufferedImage.TYPE_BYTE_GRAY)));
  }

  /** What is found in {@link #folder} in another locale. */
  private List<String> find(String locale) throws IOException {
    try (ChildJvm child =
        ChildJvm.start(Map.of("LC_ALL", locale), List.of(), FindImages.class, folder.toString())) {
      return child.remainingOutput().lines().toList();
    }
  }

  @Test
  void utf8LocaleReadsNamesInUtf8() throws Exception {
    for (String name : List.of(LATIN_1, UTF_8, REPLACEMENT, "x%FCy/a.png", "A/%FC.png")) {
      image(name);
    }
    assertThat(find("C.UTF-8"))
        .containsExactly(
            "image: Müller.png",
            "image: a\uFFFDb.png",
            "A/\\xFC.png: its name is no text in this locale; rename it",
            "M\\xFCller.png: its name is no text in this locale; rename it",
            "x\\xFCy: its name is no text in this locale; rename it");
  }

  @Test
  void localeCReadsNamesInAscii() throws Exception {
    for (String name : List.of(LATIN_1, UTF_8, "a.png")) {
      image(name);
    }
    assertThat(find("C"))
        .containsExactly(
            "image: a.png",
            "M\\xC3\\xBCller.png: its name is no text in this locale; rename it, or start with"
                + " LC_ALL=C.UTF-8",
            "M\\xFCller.png: its name is no text in this locale; rename it");
  }

  @Test
  void linksAndGivenFilesAreLeftOutToo() throws Exception {
    Path image = image("a.png");
    Path link = Files.createSymbolicLink(Path.of(URI.create(folder.toUri() + "%FC.png")), image);

    assertThat(ImageFinder.find(folder).unreadable())
        .singleElement()
        .asString()
        .startsWith("\\xFC.png: ");
    assertThatThrownBy(() -> ImageFinder.find(List.of(link), 1, "--input"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("\\xFC.png: its name is no text in this locale");
  }

  /** Prints what is found in a folder. */
  static final class FindImages {

    public static void main(String[] arguments) throws IOException {
      FoundImages found = ImageFinder.find(Path.of(arguments[0]));
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      found.images().forEach(image -> out.println("image: " + image.name()));
      found.unreadable().forEach(out::println);
    }
  }
}
