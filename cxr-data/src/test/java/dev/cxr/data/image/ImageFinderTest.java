package dev.cxr.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.FoundImages.LeftOut;
import dev.cxr.data.image.FoundImages.Reason;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFinderTest {

  private static final BufferedImage SCENE = TestFiles.testScene(BufferedImage.TYPE_BYTE_GRAY);

  private static final int SOP_CLASS = 0x0008_0016;

  @TempDir private Path scratch;
  private Path folder = Path.of("");

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectory(scratch.resolve("xrays"));
  }

  private Path png(String name) throws IOException {
    return file(name, TestFiles.png(SCENE));
  }

  private Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }

  private List<String> names() throws IOException {
    return ImageFinder.find(folder).images().stream().map(FoundImage::name).toList();
  }

  private void assertLeftOut(Reason reason, String... names) throws IOException {
    assertThat(ImageFinder.find(folder).leftOut())
        .filteredOn(entry -> entry.reason() == reason)
        .extracting(LeftOut::name)
        .containsExactly(names);
  }

  private String summary() throws IOException {
    return ImageFinder.find(folder).summary().orElse("");
  }

  @Test
  void findsImagesByContentWhateverTheirNamesAre() throws IOException {
    DicomBuilder builder =
        DicomBuilder.of(DicomBuilder.EXPLICIT, new GrayImage(40, 30, TestFiles.firstBand(SCENE)))
            .text(0x0008_0005, "CS", "ISO_IR 100")
            .text(0x0008_0008, "CS", "ORIGINAL")
            .text(SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.1.1");
    byte[] dicom = builder.bytes();
    file("1.2.826.0.1.3680043.8.498.8.1", dicom);
    file("CR.1.2.826.0.1.3680043.8.498.8.2", dicom);
    file("CHEST_PA.IMA", dicom);
    file("study/IM0001", dicom);
    file("without-preamble", builder.dataSet());
    file("a.JPEG", TestFiles.jpeg(SCENE, false));
    file("b", TestFiles.tiff(SCENE, null, 0));
    file("c.txt", TestFiles.png(SCENE));

    FoundImages found = ImageFinder.find(folder);

    assertThat(found.images())
        .extracting(image -> image.name() + " " + image.isDicom())
        .containsExactly(
            "1.2.826.0.1.3680043.8.498.8.1 true",
            "CHEST_PA.IMA true",
            "CR.1.2.826.0.1.3680043.8.498.8.2 true",
            "a.JPEG false",
            "b false",
            "c.txt false",
            "study/IM0001 true",
            "without-preamble true");
    assertThat(found.images())
        .allSatisfy(image -> assertThat(ImageDecoder.decode(image.path()).width()).isEqualTo(40));
    assertThat(found.leftOut()).isEmpty();
    assertThat(found.summary()).isEmpty();
  }

  @Test
  void namesWhatIsNoImage() throws IOException {
    png("a.png");
    for (String name : List.of("notes.txt", "more/table.csv", "x", "y")) {
      file(name, "text".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(names()).containsExactly("a.png");
    assertLeftOut(Reason.OTHER_FORMAT, "more/table.csv", "notes.txt", "x", "y");
    assertThat(summary())
        .isEqualTo(
            "Left out: 4 files that are no JPEG, PNG, TIFF or DICOM"
                + " (more/table.csv, notes.txt, x, …).");
  }

  @Test
  void namesDicomFilesWithoutPixels() throws IOException {
    GrayImage image = new GrayImage(40, 30, TestFiles.firstBand(SCENE));
    DicomBuilder dicom = DicomBuilder.of(DicomBuilder.EXPLICIT, image);
    file("IM1", dicom.bytes());
    file("truncated", Arrays.copyOf(dicom.bytes(), 900));
    dicom.without(DicomBuilder.PIXELS).without(DicomBuilder.ROWS).without(DicomBuilder.COLUMNS);
    file("DICOMDIR", dicom.text(SOP_CLASS, "UI", "1.2.840.10008.1.3.10").bytes());
    file("PR1", dicom.text(SOP_CLASS, "UI", "1.2.840.10008.5.1.4.1.1.11.1\0").bytes());
    file("PR2", dicom.bytes());

    assertThat(names()).containsExactly("IM1", "truncated");
    assertLeftOut(Reason.DICOM_WITHOUT_PIXELS, "DICOMDIR", "PR1", "PR2");
    assertThat(summary())
        .isEqualTo(
            "Left out: 3 DICOM files without pixels (a DICOMDIR, a DICOM presentation state).");
  }

  @Test
  void damagedImageIsNotLeftOut() throws IOException {
    file("a.png", new byte[0]);
    file("b.jpg", "<html>".getBytes(StandardCharsets.UTF_8));
    assertThat(names()).containsExactly("a.png", "b.jpg");
  }

  @Test
  void expectedFilesAreQuiet() throws IOException {
    for (String name :
        List.of(
            ".DS_Store",
            "._a.png",
            ".git/b.png",
            "LICENCE.txt",
            "README",
            "Thumbs.db",
            "__MACOSX/a.png",
            "desktop.ini")) {
      png(name);
    }
    png("a.png");
    assertThat(names()).containsExactly("a.png");
    assertLeftOut(
        Reason.EXPECTED,
        ".DS_Store",
        "._a.png",
        ".git",
        "LICENCE.txt",
        "README",
        "Thumbs.db",
        "__MACOSX",
        "desktop.ini");
    assertThat(summary()).isEmpty();
  }

  @Test
  void searchesFolderWithHiddenName() throws IOException {
    folder = folder.resolve(".hidden");
    png("a.png");
    assertThat(names()).containsExactly("a.png");
  }

  @Test
  void followsLinksToFilesAndFolders() throws IOException {
    Path other = Files.createDirectories(scratch.resolve("elsewhere/deep"));
    Files.write(other.resolve("b.png"), TestFiles.png(SCENE));
    Files.write(scratch.resolve("c"), TestFiles.png(SCENE));
    png("own.png");
    Files.createSymbolicLink(folder.resolve("more"), other.getParent());
    Files.createSymbolicLink(folder.resolve("c.png"), Path.of("../c"));
    Path link = Files.createSymbolicLink(scratch.resolve("link"), folder);

    assertThat(names()).containsExactly("c.png", "more/deep/b.png", "own.png");
    assertThat(ImageFinder.find(link).images())
        .extracting(FoundImage::path)
        .containsExactly(
            link.resolve("c.png"), link.resolve("more/deep/b.png"), link.resolve("own.png"));
    assertThat(summary()).isEmpty();
  }

  @Test
  void findsEachFileOnce() throws IOException {
    png("z/own.png");
    Files.createSymbolicLink(folder.resolve("a.png"), folder.resolve("z/own.png"));
    Files.createSymbolicLink(folder.resolve("b"), folder.resolve("z"));
    Files.createSymbolicLink(folder.resolve("z/loop"), folder);
    Files.createSymbolicLink(folder.resolve("z/parent"), scratch);
    Files.write(scratch.resolve("beside.png"), TestFiles.png(SCENE));

    assertThat(names()).containsExactly("z/own.png", "z/parent/beside.png");
    assertLeftOut(Reason.ALREADY_FOUND, "a.png", "b", "z/loop", "z/parent/xrays");
    assertThat(summary())
        .isEqualTo("Left out: 4 links to what is already found (a.png, b, z/loop, …).");
  }

  @Test
  void namesLinksThatLeadNowhere() throws IOException {
    png("a.png");
    Files.createSymbolicLink(folder.resolve("gone.png"), folder.resolve("nothing"));
    Files.createSymbolicLink(folder.resolve("self"), folder.resolve("self"));

    assertThat(names()).containsExactly("a.png");
    assertThat(ImageFinder.find(folder).unreadable())
        .hasSize(2)
        .contains("gone.png: a link to nothing")
        .anySatisfy(line -> assertThat(line).startsWith("self: ").contains("symbolic links"));
  }

  @Test
  void namesFilesAndFoldersWithoutPermission() throws IOException {
    png("a.png");
    Path file = png("secret.png");
    Path ward = png("ward/b.png").getParent();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Files.setPosixFilePermissions(ward, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(file), "root may read everything");
      assertThat(names()).containsExactly("a.png");
      assertThat(ImageFinder.find(folder).unreadable())
          .containsExactly("secret.png: no permission", "ward: no permission");
      assertThat(summary())
          .isEqualTo(
              "Left out: 2 unreadable entries (secret.png: no permission, ward: no permission).");
    } finally {
      Files.setPosixFilePermissions(ward, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void namesFoldersThatAreTooDeep() throws IOException {
    String deepest = "d/".repeat(16);
    png(deepest + "a.png");
    png(deepest + "e/b.png");
    assertThat(names()).containsExactly(deepest + "a.png");
    assertLeftOut(Reason.TOO_DEEP, deepest + "e");

    Path other = Files.createDirectories(scratch.resolve("other/more"));
    Files.write(other.resolve("c.png"), TestFiles.png(SCENE));
    Files.createSymbolicLink(folder.resolve("d/".repeat(15) + "link"), other.getParent());
    assertThat(names()).containsExactly(deepest + "a.png");
    assertLeftOut(Reason.TOO_DEEP, deepest + "e", "d/".repeat(15) + "link/more");
  }

  @Test
  void stopsAtTheLimitOfFiles() throws IOException {
    png("a.png");
    file("b/notes.txt", new byte[] {1});
    png("b/README");
    assertThat(ImageFinder.find(folder, 5).images()).hasSize(1);
    assertThatThrownBy(() -> ImageFinder.find(folder, 3))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("at most 3 files")
        .hasMessageContaining("more in " + folder);
  }

  @Test
  void acceptsFilesAsTheyAre() throws IOException {
    Path text = file("notes.txt", "text".getBytes(StandardCharsets.UTF_8));
    Path image = png("a/same.png");
    png("b/same.png");
    assertThat(
            ImageFinder.find(
                    List.of(text, folder.resolve("a"), folder.resolve("b"), image), 4, "--input")
                .images())
        .extracting(FoundImage::name)
        .containsExactly(
            text.toString().replace('\\', '/'),
            "same.png",
            "same.png (2)",
            image.toString().replace('\\', '/'));
  }

  @Test
  void errorsNameWhatWasFound() throws IOException {
    file("notes.txt", "text".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ImageFinder.find(List.of(folder), 9, "--input"))
        .isInstanceOf(UserErrorException.class)
        .hasMessage(
            "Expected JPEG, PNG, TIFF or DICOM files with --input; found none in %s. Give the folder"
                    .formatted(folder)
                + " that contains the images. Left out: 1 file that is no JPEG, PNG, TIFF or DICOM"
                + " (notes.txt).");
    png("a.png");
    png("b.png");
    assertThatThrownBy(() -> ImageFinder.find(List.of(folder), 1, "--input"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("at most 1 JPEG")
        .hasMessageContaining("found 2 files");
    Path nowhere = scratch.resolve("nowhere");
    assertThatThrownBy(() -> ImageFinder.find(List.of(nowhere), 1, "--input"))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("nothing at " + nowhere);
    assertThatThrownBy(() -> ImageFinder.find(nowhere)).isInstanceOf(NoSuchFileException.class);
  }
}
