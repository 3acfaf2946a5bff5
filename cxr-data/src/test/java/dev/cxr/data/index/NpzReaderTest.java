package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.image.GrayImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpzReaderTest {

  private static final String IMAGES =
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 28, 28), }";
  private static final String LABELS =
      "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1), }";

  @TempDir private Path folder;
  private final Map<String, byte[]> arrays = new LinkedHashMap<>();

  @BeforeEach
  void createArrays() {
    for (String split : new String[] {"train", "val", "test"}) {
      arrays.put(split + "_images", npy(IMAGES, new byte[2 * 28 * 28]));
      arrays.put(split + "_labels", npy(LABELS, new byte[] {0, 1}));
    }
  }

  /** Written by numpy.savez_compressed: pixel (y, x) of image i is 31 i + 7 y + x, modulo 256. */
  @Test
  void readsArchiveWrittenByNumPy() throws IOException {
    DatasetIndex index = open(writeNumPyArchive());
    assertThat(index.inSplit(Split.TEST))
        .extracting(x -> x.id() + " " + x.finding())
        .containsExactly("test/000000 NORMAL", "test/000001 PNEUMONIA", "test/000002 NORMAL");
    assertThat(index.xrays()).hasSize(6 + 2 + 3);
    assertThat(index.xrays()).extracting(Xray::patient).doesNotHaveDuplicates();
    GrayImage image = index.inSplit(Split.TEST).get(1).source().read();
    byte[] expected = new byte[28 * 28];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (31 * 201 + 7 * (i / 28) + i % 28);
    }
    assertThat(image).isEqualTo(new GrayImage(28, 28, expected));
  }

  @Test
  void worksWithImageStore() throws IOException {
    DatasetIndex index = open(writeNumPyArchive());
    ImageStore pixels = ImageStore.open(index, EnumSet.of(Split.TEST), 28);
    assertThat(pixels.index().xrays()).hasSize(3);
  }

  @Test
  void reportsMissingPatients() throws IOException {
    DatasetIndex index = open(writeNumPyArchive());
    assertThat(index.notices())
        .containsExactly("11 images have no patient id and count as separate patients.");
    assertThat(index.splitRule()).isEqualTo("the validation split of the dataset");
  }

  @Test
  void changedArchiveHasAnotherVersionStamp() throws IOException {
    Path archive = writeNumPyArchive();
    String before = open(archive).xrays().get(0).source().versionStamp();
    Files.write(archive, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
    assertThat(open(archive).xrays().get(0).source().versionStamp()).isNotEqualTo(before);
  }

  @Test
  void rejectsMissingArrayAndListsContents() throws IOException {
    arrays.remove("val_labels");
    assertRejected("val_labels", "train_images.npy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 28, 28), }",
        "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 28, 28), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 28, 28, 3), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 0, 28), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 99999, 99999), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 9999999999999, 28), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2 2, 28, 28), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 15, 28), }",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 28, 16385), }",
        "nonsense",
      })
  void rejectsArrayThatIsNotGrayImages(String header) throws IOException {
    arrays.put("train_images", npy(header, new byte[2 * 28 * 28]));
    assertRejected("train_images");
  }

  @ParameterizedTest
  @CsvSource({"2", "255"})
  void rejectsUnknownLabel(int label) throws IOException {
    arrays.put("test_labels", npy(LABELS, new byte[] {0, (byte) label}));
    assertRejected("found %d at test_labels[1]".formatted(label));
  }

  @Test
  void rejectsDifferentNumbersOfLabelsAndImages() throws IOException {
    arrays.put("test_labels", npy(LABELS.replace("(2, 1)", "(3, 1)"), new byte[3]));
    assertRejected("test_images of [2, 28, 28] and test_labels of [3, 1]");
  }

  @Test
  void rejectsTruncatedArrayOnRead() throws IOException {
    arrays.put("test_images", npy(IMAGES, new byte[2 * 28 * 28 - 1]));
    Xray xray = open(write()).inSplit(Split.TEST).get(0);
    assertThatThrownBy(() -> xray.source().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("test_images");
  }

  @Test
  void rejectsArrayLongerThanItsShapeOnRead() throws IOException {
    arrays.put("test_images", npy(IMAGES, new byte[2 * 28 * 28 + 1]));
    Xray xray = open(write()).inSplit(Split.TEST).get(0);
    assertThatThrownBy(() -> xray.source().read()).hasMessageContaining("found more");
  }

  @Test
  void rejectsTruncatedHeader() throws IOException {
    arrays.put("val_images", new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1});
    assertRejected("val_images", "truncated");
  }

  /** Java reads such an entry without an error. */
  @ParameterizedTest
  @ValueSource(strings = {"test_images", "test_labels"})
  void detectsChangedByteByZipChecksum(String name) throws IOException {
    byte[] array = Objects.requireNonNull(arrays.get(name));
    Path archive = write(ZipEntry.STORED);
    byte[] bytes = Files.readAllBytes(archive);
    bytes[lastByteOf(array, bytes)] ^= 1; // a gray, or NORMAL for PNEUMONIA
    Files.write(archive, bytes);
    assertThatThrownBy(() -> open(archive).inSplit(Split.TEST).get(0).source().read())
        .hasMessageContaining(name)
        .hasMessageContaining("checksum");
  }

  private static int lastByteOf(byte[] array, byte[] file) {
    for (int at = file.length - array.length; at >= 0; at--) { // test is written last
      if (Arrays.equals(array, Arrays.copyOfRange(file, at, at + array.length))) {
        return at + array.length - 1;
      }
    }
    throw new AssertionError("the array is not in the file as it is");
  }

  @Test
  void rejectsEveryTruncatedArchive() throws IOException {
    byte[] whole = Files.readAllBytes(write());
    Path archive = folder.resolve("cut.npz");
    for (int length = 0; length < whole.length; length += 97) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> open(archive))
          .as("%d bytes", length)
          .isInstanceOf(UserErrorException.class);
    }
  }

  private void assertRejected(String... found) throws IOException {
    Path archive = write();
    assertThatThrownBy(() -> open(archive))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining(archive.toString())
        .hasMessageContainingAll(found);
  }

  private static DatasetIndex open(Path archive) throws IOException {
    return DatasetReader.read(archive.toString(), ValidationSplitRule.DEFAULT);
  }

  private Path writeNumPyArchive() throws IOException {
    Path archive = folder.resolve("numpy.npz");
    try (InputStream in = NpzReaderTest.class.getResourceAsStream("numpy.npz")) {
      Files.copy(in, archive);
    }
    return archive;
  }

  private Path write() throws IOException {
    return write(ZipEntry.DEFLATED);
  }

  private Path write(int method) throws IOException {
    Path archive = folder.resolve("made.npz");
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
        CRC32 checksum = new CRC32();
        checksum.update(array.getValue());
        entry.setMethod(method);
        entry.setSize(array.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(array.getValue());
        zip.closeEntry();
      }
    }
    return archive;
  }

  private static byte[] npy(String header, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length() + 1);
    out.write(0);
    out.writeBytes((header + "\n").getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(content);
    return out.toByteArray();
  }
}
