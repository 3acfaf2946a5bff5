package dev.cxr.data.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.ImageDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFactsTest {

  @TempDir private Path folder;

  @Test
  void aProfileInAJpegIsSeen() throws IOException {
    Path plain = ProfiledFiles.jpeg(folder.resolve("plain.jpeg"), false);
    Path profiled = ProfiledFiles.jpeg(folder.resolve("profiled.jpeg"), true);
    assertThat(FileFacts.of(plain)).isEqualTo(new FileFacts(Files.size(plain), false));
    assertThat(FileFacts.of(profiled)).isEqualTo(new FileFacts(Files.size(profiled), true));
  }

  @Test
  void aProfileInAPngIsSeen() throws IOException {
    Path plain = ProfiledFiles.png(folder.resolve("plain.png"), false);
    Path profiled = ProfiledFiles.png(folder.resolve("profiled.png"), true);
    assertThat(FileFacts.of(plain)).isEqualTo(new FileFacts(Files.size(plain), false));
    assertThat(FileFacts.of(profiled)).isEqualTo(new FileFacts(Files.size(profiled), true));
  }

  @Test
  void otherSegmentsAndFillBytesAreNoProfile() throws IOException {
    Path jpeg = ProfiledFiles.jpeg(folder.resolve("a.jpeg"), false);
    byte[] other = {(byte) 0xFF, (byte) 0xFF, (byte) 0xE2, 0, 6, 'M', 'P', 'F', 0};
    Files.write(jpeg, ProfiledFiles.inserted(Files.readAllBytes(jpeg), 2, other));
    byte[] icc = ProfiledFiles.segment("ICC_PROFILE\0");
    byte[] comment = icc.clone();
    comment[1] = (byte) 0xFE; // the profile's words in a comment
    Files.write(jpeg, ProfiledFiles.inserted(Files.readAllBytes(jpeg), 2, comment));
    ImageDecoder.decode(jpeg);
    assertThat(FileFacts.of(jpeg).colourProfile()).isFalse();

    Files.write(jpeg, ProfiledFiles.inserted(Files.readAllBytes(jpeg), 2, other));
    int last = 2 + other.length + comment.length + other.length;
    Files.write(jpeg, ProfiledFiles.inserted(Files.readAllBytes(jpeg), last, icc));
    assertThat(FileFacts.of(jpeg).colourProfile()).isTrue();
  }

  @Test
  void aFileOfAnotherFormatHasASizeAndNoProfile() throws IOException {
    Path file = Files.write(folder.resolve("x"), new byte[] {1, 2, 3});
    assertThat(FileFacts.of(file)).isEqualTo(new FileFacts(3, false));
  }
}
