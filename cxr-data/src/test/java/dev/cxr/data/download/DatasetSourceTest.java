package dev.cxr.data.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DatasetSourceTest {

  private static final List<PublicDataset> ALL =
      List.of(
          DatasetSource.MENDELEY.dataset(OptionalInt.empty()),
          DatasetSource.PNEUMONIAMNIST.dataset(OptionalInt.of(28)),
          DatasetSource.PNEUMONIAMNIST.dataset(OptionalInt.of(64)),
          DatasetSource.PNEUMONIAMNIST.dataset(OptionalInt.of(128)),
          DatasetSource.PNEUMONIAMNIST.dataset(OptionalInt.of(224)));

  @Test
  void everyDatasetHasHttpsChecksumSizeLicenceAndCitation() {
    assertThat(ALL)
        .allSatisfy(
            dataset -> {
              assertThat(dataset.file().uri()).hasScheme("https");
              assertThat(dataset.file().size()).isPresent();
              assertThat(dataset.licence()).contains("https://");
              assertThat(dataset.citations())
                  .isNotEmpty()
                  .allMatch(citation -> citation.contains("https://doi.org/"));
            });
  }

  @Test
  void datasetsHaveUniqueFilesFoldersAndChecksums() {
    assertThat(ALL).extracting(PublicDataset::fileName).doesNotHaveDuplicates();
    assertThat(ALL).extracting(PublicDataset::folderName).doesNotHaveDuplicates();
    assertThat(ALL).extracting(c -> c.file().checksum()).doesNotHaveDuplicates();
    assertThat(ALL).extracting(c -> c.file().uri()).doesNotHaveDuplicates();
  }

  @Test
  void defaultPneumoniaMnistSizeIsLargest() {
    assertThat(DatasetSource.PNEUMONIAMNIST.dataset(OptionalInt.empty()).fileName())
        .isEqualTo("pneumoniamnist_224.npz");
  }
}
