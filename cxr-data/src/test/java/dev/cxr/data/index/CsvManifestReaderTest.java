package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvManifestReaderTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeImages() throws IOException {
    for (String name : new String[] {"a.png", "b.png", "person5_virus_1.jpeg", "x, y.png"}) {
      Files.createFile(folder.resolve(name));
    }
  }

  @Test
  void readsFindingPatientAndSplitOfEachRow() throws IOException {
    DatasetIndex index =
        open(
            """
            path,finding,patient,split
            a.png,NORMAL,17,train
            b.png,bacterial pneumonia,18,test
            "x, y.png",Viral-Pneumonia,"18 ""b""\",train
            """);
    assertThat(index.patientIdSource()).isEqualTo(PatientIdSource.METADATA);
    assertThat(index.notices()).isEmpty();
    assertThat(index.xrays())
        .containsExactly(
            xray("a.png", Finding.NORMAL, "17", Split.TRAIN),
            xray("x, y.png", Finding.VIRAL_PNEUMONIA, "18 \"b\"", Split.TRAIN),
            xray("b.png", Finding.BACTERIAL_PNEUMONIA, "18", Split.TEST));
  }

  @Test
  void acceptsAnyColumnOrderCaseWindowsLineEndsAndByteOrderMark() throws IOException {
    DatasetIndex index = open("\uFEFFFinding,PATH\r\nnormal,a.png\r\n\r\nPNEUMONIA,b.png");
    assertThat(index.xrays())
        .extracting(x -> x.id() + " " + x.finding())
        .containsExactly("a.png NORMAL", "b.png PNEUMONIA");
  }

  @Test
  void takesPatientFromFileNameWithoutPatientColumn() throws IOException {
    DatasetIndex index = open("path,finding\nperson5_virus_1.jpeg,VIRAL_PNEUMONIA\na.png,NORMAL\n");
    assertThat(index.patientIdSource()).isEqualTo(PatientIdSource.FILE_NAMES);
    assertThat(index.xrays())
        .extracting(x -> x.patient() + " " + x.split())
        .containsExactly("a.png train", "person5 validation"); // drawn by the default rule
    assertThat(index.notices())
        .containsExactly("1 image has no patient id and counts as a separate patient.");
  }

  @Test
  void treatsEmptyPatientAsSeparatePatient() throws IOException {
    DatasetIndex index = open("path,finding,patient\na.png,NORMAL,\nb.png,NORMAL,\n");
    assertThat(index.xrays()).extracting(Xray::patient).containsExactly("a.png", "b.png");
    assertThat(index.notices())
        .containsExactly("2 images have no patient id and count as separate patients.");
  }

  @Test
  void acceptsAbsolutePaths() throws IOException {
    Path file = folder.resolve("a.png").toAbsolutePath();
    assertThat(open("path,finding\n" + file + ",NORMAL\n").xrays())
        .extracting(Xray::source)
        .containsExactly(new FileSource(file));
  }

  @Test
  void reportsEveryProblemWithItsLine() {
    assertThatThrownBy(
            () ->
                open(
                    """
                    path,finding,split
                    a.png,NORMAL,train
                    none.png,NORMAL,train
                    b.png,COVID,train
                    ./b.png,NORMAL,later
                    "x, y.png",NORMAL
                    a.png,NORMAL,test
                    gone.png,NORMAL,train
                    gone2.png,NORMAL,train
                    """))
        .isExactlyInstanceOf(UserErrorException.class)
        .hasMessageContaining(
            "found line 3: no file at 'none.png'; line 4: the finding 'COVID'; line 5: the same"
                + " file as in line 4; line 6: 2 fields instead of 3; line 7: the same file as in line 2;"
                + " and 2 more.");
  }

  @Test
  void truncatesLongFieldsAndRemovesControlCharactersInMessages() {
    String endless = "x".repeat(1 << 20);
    assertThatThrownBy(
            () ->
                open(
                    "path,finding\n\"%s\",NORMAL\na.png,%s\na\u001B[31m,NORMAL\n"
                        .formatted(endless, endless)))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContainingAll("line 2: no file at 'xxx", "line 3: the finding 'xxx", "'a?[31m'")
        .message()
        .hasSizeLessThan(1000);
    assertThatThrownBy(() -> open(endless + ",finding\na.png,NORMAL\n"))
        .hasMessageContaining("the column 'xxx")
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  void reportsUnknownSplitWithLineWithoutFinalLineEnd() {
    assertThatThrownBy(() -> open("path,finding,split\na.png,NORMAL,train\nb.png,NORMAL,later"))
        .hasMessageContaining("line 3: the split 'later'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "path,finding,patinet\\na.png,NORMAL,1|the column 'patinet'",
        "path,finding,path\\na.png,NORMAL,1|path",
        "path,label\\na.png,NORMAL|the column 'label'",
        "path\\na.png|the header path",
        "path,finding\\n|no rows",
        "path,finding\\na.png,\"NORMAL|text that is not CSV",
      })
  void rejectsInvalidManifest(String content, String found) {
    assertThatThrownBy(() -> open(content.replace("\\n", "\n")))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining(found)
        .hasMessageContaining("manifest.csv");
  }

  @Test
  void rejectsTextThatIsNotUtf8() throws IOException {
    Path manifest = folder.resolve("manifest.csv");
    Files.write(manifest, "path,finding\n\u00E9.png,NORMAL".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DatasetReader.read(manifest.toString(), ValidationSplitRule.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("not UTF-8");
  }

  @ParameterizedTest
  @CsvSource({"';', semicolons", "'\t', tabs"})
  void readsFieldsSeparatedBySemicolonOrTab(String delimiter, String name) throws IOException {
    DatasetIndex index =
        open(
            "path,finding,patient\nx, y.png,NORMAL,1\n\"b.png\",PNEUMONIA,2\n"
                .replace("x, y", "x@ y")
                .replace(",", delimiter)
                .replace('@', ','));
    assertThat(index.xrays()).extracting(Xray::id).containsExactlyInAnyOrder("b.png", "x, y.png");
    assertThat(index.notices())
        .contains("The fields of the manifest are separated by %s.".formatted(name));
  }

  @Test
  void readsTheDelimiterThatSpreadsheetsWrite() throws IOException {
    DatasetIndex index = open("sep=;\r\npath;finding\r\nx, y.png;NORMAL\r\n");
    assertThat(index.xrays()).extracting(Xray::id).containsExactly("x, y.png");
    assertThat(index.notices()).contains("The manifest names its delimiter: sep=;.");
    assertThatThrownBy(() -> open("sep=;\npath;finding\na.png;NORMAL\nnone.png;NORMAL\n"))
        .hasMessageContaining("line 4: no file at 'none.png'");
  }

  @Test
  void namesTheColumnWhateverTheDelimiter() {
    assertThatThrownBy(() -> open("path;label\na.png;NORMAL\n"))
        .hasMessageContaining("the column 'label'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void decodesUtf16ByItsByteOrderMark(String charset) throws IOException {
    Files.createFile(folder.resolve("Röntgen.png"));
    Path manifest = folder.resolve("manifest.csv");
    byte[] text = "path\tfinding\r\nRöntgen.png\tNORMAL\r\n".getBytes(Charset.forName(charset));
    byte[] mark = "\uFEFF".getBytes(Charset.forName(charset));
    Files.write(manifest, mark);
    Files.write(manifest, text, StandardOpenOption.APPEND);
    DatasetIndex index = DatasetReader.read(manifest.toString(), ValidationSplitRule.DEFAULT);
    assertThat(index.xrays()).extracting(Xray::id).containsExactly("Röntgen.png");
    assertThat(index.notices()).contains("The manifest is encoded in UTF-16.");

    Files.write(manifest, text); // without the mark
    assertThatThrownBy(() -> DatasetReader.read(manifest.toString(), ValidationSplitRule.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("UTF-16 without a byte order mark");
  }

  @Test
  void skipsBlankRowsAndSaysSo() throws IOException {
    DatasetIndex index = open("path,finding\na.png,NORMAL\n,\n\n \nb.png,NORMAL\n , \n");
    assertThat(index.xrays()).hasSize(2);
    assertThat(index.notices()).contains("Blank rows of the manifest skipped: 3.");
    assertThatThrownBy(() -> open("path,finding\n,\n,NORMAL\n"))
        .hasMessageContaining("line 3: no file at ''");
  }

  @Test
  void readsBackslashesInPathsAsFolders() throws IOException {
    Files.createDirectories(folder.resolve("ward"));
    Files.createFile(folder.resolve("ward/person7_virus_2.jpeg"));
    DatasetIndex index =
        open("path,finding\nward\\person7_virus_2.jpeg,VIRAL_PNEUMONIA\n.\\a.png,NORMAL\n");
    assertThat(index.xrays())
        .extracting(x -> x.id() + " " + x.patient())
        .containsExactlyInAnyOrder("./a.png ./a.png", "ward/person7_virus_2.jpeg person7");
    assertThat(index.notices()).contains("Paths of the manifest with backslashes, read as '/': 2.");
    assertThatThrownBy(() -> open("path,finding\nC:\\x\\a.png,NORMAL\n"))
        .hasMessageContaining("no file at 'C:\\x\\a.png'");
  }

  @Test
  void readsAnyFileNameWhenFormatIsGiven() throws IOException {
    Path manifest = Files.writeString(folder.resolve("list.txt"), "path,finding\na.png,NORMAL\n");
    assertThat(
            DatasetReader.read(
                    manifest.toString(), Optional.of(DatasetFormat.CSV), DatasetOptions.DEFAULT)
                .xrays())
        .hasSize(1);
  }

  private DatasetIndex open(String content) throws IOException {
    Path manifest = Files.writeString(folder.resolve("manifest.csv"), content);
    return DatasetReader.read(manifest.toString(), ValidationSplitRule.DEFAULT);
  }

  private Xray xray(String id, Finding finding, String patient, Split split) {
    return new Xray(id, new FileSource(folder.resolve(id)), finding, patient, split);
  }
}
