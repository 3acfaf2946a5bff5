package dev.cxr.data.download.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PictureArraysTest {

  @TempDir private Path parent;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(parent.resolve("folder"));
  }

  @Test
  void everyPictureKeepsItsPixelsItsFindingAndItsSplit() throws Exception {
    Map<String, byte[]> arrays = arrays();
    int written = new PictureArrays().unpack(archive(arrays), folder);
    assertThat(written).isEqualTo(6);

    Catalogue catalogue =
        Catalogue.open(folder.toString(), new ValidationRule(ValidationRule.Source.FOLDER, 0.1, 0));
    assertThat(catalogue.in(Split.TRAIN)).hasSize(3);
    assertThat(catalogue.in(Split.VALIDATION)).hasSize(1);
    assertThat(catalogue.in(Split.TEST)).hasSize(2);
    assertThat(catalogue.xrays().stream().map(Xray::patient)).doesNotHaveDuplicates();

    Xray second =
        catalogue.xrays().stream()
            .filter(x -> x.id().equals("train/PNEUMONIA/train-0001.png"))
            .findAny()
            .orElseThrow();
    assertThat(second.finding()).isEqualTo(Finding.PNEUMONIA);
    assertThat(second.source().read())
        .isEqualTo(new GrayImage(20, 24, Arrays.copyOfRange(pixels(3), 480, 960)));
    assertThat(folder.resolve("train/NORMAL/train-0000.png")).exists();
    assertThat(folder.resolve("test/NORMAL/test-0001.png")).exists();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void anotherArrayThanExpectedIsRefused(String name, byte[] array, String expected, String found)
      throws Exception {
    Map<String, byte[]> arrays = arrays();
    arrays.put(name + ".npy", array);
    Path archive = archive(arrays);
    assertThatThrownBy(() -> new PictureArrays().unpack(archive, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(expected)
        .hasMessageContaining(found)
        .hasMessageContaining(archive.toString());
  }

  static Stream<Arguments> anotherArrayThanExpectedIsRefused() {
    byte[] labels = {0, 1, 1};
    String notBytes = "as unsigned bytes, row by row";
    return Stream.of(
        Arguments.of("train_labels", Zips.npy("3, 1", new byte[] {0, 1, 2}), "0 or 1", "found 2"),
        Arguments.of("train_labels", Zips.npy("3,", labels), "(N, 1)", "shape [3]"),
        Arguments.of("train_labels", Zips.npy("3, 2", new byte[6]), "(N, 1)", "shape [3, 2]"),
        Arguments.of("train_labels", Zips.npy("3, 1", new byte[2]), "as many bytes", "fewer"),
        Arguments.of(
            "train_labels", Zips.npy("999999999, 1", labels), "(N, 1)", "shape [999999999, 1]"),
        Arguments.of("train_labels", Zips.npy("<i8", "False", "3, 1", labels), notBytes, "else"),
        Arguments.of("train_labels", Zips.npy("|u1", "True", "3, 1", labels), notBytes, "else"),
        Arguments.of("train_labels", Zips.npy("99999999999999999999, 1", labels), notBytes, "else"),
        Arguments.of("train_labels", new byte[] {1, 2, 3}, notBytes, "else"),
        Arguments.of("train_labels", longHeader(), notBytes, "else"),
        Arguments.of("train_images", Zips.npy("4, 24, 20", pixels(4)), "(3, H, W)", "[4, 24, 20]"),
        Arguments.of("train_images", Zips.npy("3, 24, 0", pixels(3)), "(3, H, W)", "[3, 24, 0]"),
        Arguments.of(
            "train_images", Zips.npy("3, 2000, 20", pixels(3)), "up to 1024", "[3, 2000, 20]"),
        Arguments.of(
            "train_images", Zips.npy("3, 24, 20, 3", pixels(9)), "(3, H, W)", "[3, 24, 20, 3]"),
        Arguments.of("train_images", Zips.npy("3, 24, 20", pixels(2)), "as many bytes", "fewer"));
  }

  @Test
  void aMissingArrayIsRefused() throws Exception {
    Map<String, byte[]> arrays = arrays();
    arrays.remove("test_images.npy");
    Path archive = archive(arrays);
    assertThatThrownBy(() -> new PictureArrays().unpack(archive, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the array test_images");
  }

  @Test
  void whatIsNoZipIsRefused() throws Exception {
    Path archive = Files.write(parent.resolve("a.npz"), new byte[1000]);
    assertThatThrownBy(() -> new PictureArrays().unpack(archive, folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("damage");
  }

  private static Map<String, byte[]> arrays() {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("train_images.npy", Zips.npy("3, 24, 20", pixels(3)));
    arrays.put("train_labels.npy", Zips.npy("3, 1", new byte[] {0, 1, 1}));
    arrays.put("val_images.npy", Zips.npy("1, 24, 20", pixels(1)));
    arrays.put("val_labels.npy", Zips.npy("1, 1", new byte[] {1}));
    arrays.put("test_images.npy", Zips.npy("2, 24, 20", pixels(2)));
    arrays.put("test_labels.npy", Zips.npy("2, 1", new byte[] {1, 0}));
    return arrays;
  }

  private Path archive(Map<String, byte[]> arrays) throws IOException {
    return Files.write(parent.resolve("a.npz"), Zips.zip(arrays));
  }

  /** So many pictures of 24 rows and 20 columns. */
  private static byte[] pixels(int pictures) {
    byte[] pixels = new byte[pictures * 480];
    new Random(pictures).nextBytes(pixels);
    return pixels;
  }

  /** Version 2.0 of the form, with a header of 1 GB by its own word. */
  private static byte[] longHeader() {
    byte[] array = new byte[100];
    System.arraycopy(Zips.npy("3, 1", new byte[0]), 0, array, 0, 8);
    array[6] = 2;
    array[11] = 0x40;
    return array;
  }
}
