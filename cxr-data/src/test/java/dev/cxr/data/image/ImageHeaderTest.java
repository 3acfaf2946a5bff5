package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageHeaderTest {

  private static final GrayImage IMAGE = new GrayImage(17, 19, new byte[17 * 19]);

  @TempDir private Path folder;

  @Test
  void readsSizeOfEveryFormat() throws IOException {
    BufferedImage image = TestFiles.testScene(BufferedImage.TYPE_BYTE_GRAY);
    for (byte[] file :
        new byte[][] {
          TestFiles.jpeg(image, false),
          TestFiles.jpeg(image, true),
          TestFiles.png(image),
          TestFiles.tiff(image, "LZW", 0)
        }) {
      assertThat(inspect(file)).isEqualTo(new ImageHeader(file.length, 40, 30, false));
    }
    byte[] dicom = DicomBuilder.of(DicomBuilder.IMPLICIT, IMAGE).bytes();
    assertThat(inspect(dicom)).isEqualTo(new ImageHeader(dicom.length, 17, 19, false));
  }

  @Test
  void detectsColourProfileOfJpeg() throws IOException {
    byte[] file = TestFiles.jpeg(TestFiles.testScene(BufferedImage.TYPE_BYTE_GRAY), false);
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    byte[] tagged =
        ByteBuffer.allocate(file.length + 4 + name.length)
            .put(file, 0, 2)
            .putShort((short) 0xFFE2)
            .putShort((short) (2 + name.length))
            .put(name)
            .put(file, 2, file.length - 2)
            .array();
    assertThat(inspect(tagged).hasColourProfile()).isTrue();
    tagged[6] = 'X'; // APP2 of another name
    assertThat(inspect(tagged).hasColourProfile()).isFalse();
  }

  @Test
  void detectsColourProfileOfPng() throws IOException {
    byte[] file = TestFiles.png(TestFiles.testScene(BufferedImage.TYPE_BYTE_GRAY));
    byte[] name = "iCCP".getBytes(StandardCharsets.US_ASCII);
    var checksum = new CRC32();
    checksum.update(name);
    byte[] tagged =
        ByteBuffer.allocate(file.length + 12)
            .put(file, 0, 33)
            .putInt(0)
            .put(name)
            .putInt((int) checksum.getValue())
            .put(file, 33, file.length - 33)
            .array();
    assertThat(inspect(tagged).hasColourProfile()).isTrue();
  }

  @Test
  void detectsColourProfileOfTiff() throws IOException {
    byte[] file =
        TiffBuilder.of(ByteOrder.BIG_ENDIAN, IMAGE).put(TIFF.TAG_ICC_PROFILE, 7, 1, 2).bytes();
    assertThat(inspect(file)).isEqualTo(new ImageHeader(file.length, 17, 19, true));
  }

  @Test
  void rejectsInvalidFilesByName() throws IOException {
    Path letter = Files.writeString(folder.resolve("letter.png"), "Dear all");
    assertThatThrownBy(() -> ImageHeader.read(letter))
        .isInstanceOf(InvalidImageException.class)
        .hasMessageStartingWith(letter + ": expected a JPEG");
    assertThatThrownBy(() -> ImageHeader.read(folder.resolve("none.png")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private ImageHeader inspect(byte[] file) throws IOException {
    return ImageHeader.read(Files.write(folder.resolve("image"), file));
  }
}
