package dev.cxr.data.download.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SourceTest {

  private static final List<PublicCollection> ALL =
      List.of(
          Source.MENDELEY.collection(OptionalInt.empty()),
          Source.PNEUMONIAMNIST.collection(OptionalInt.of(28)),
          Source.PNEUMONIAMNIST.collection(OptionalInt.of(64)),
          Source.PNEUMONIAMNIST.collection(OptionalInt.of(128)),
          Source.PNEUMONIAMNIST.collection(OptionalInt.of(224)));

  @Test
  void everyCollectionComesProtectedWithSizeLicenceAndCitation() {
    assertThat(ALL)
        .allSatisfy(
            collection -> {
              assertThat(collection.file().uri()).hasScheme("https");
              assertThat(collection.file().size()).isPresent();
              assertThat(collection.licence()).contains("https://");
              assertThat(collection.citations())
                  .isNotEmpty()
                  .allMatch(citation -> citation.contains("https://doi.org/"));
            });
  }

  @Test
  void noTwoCollectionsShareAFileAFolderOrAChecksum() {
    assertThat(ALL).extracting(PublicCollection::fileName).doesNotHaveDuplicates();
    assertThat(ALL).extracting(PublicCollection::folderName).doesNotHaveDuplicates();
    assertThat(ALL).extracting(c -> c.file().checksum()).doesNotHaveDuplicates();
    assertThat(ALL).extracting(c -> c.file().uri()).doesNotHaveDuplicates();
  }

  @Test
  void withoutASizePneumoniaMnistIsTheLargest() {
    assertThat(Source.PNEUMONIAMNIST.collection(OptionalInt.empty()).fileName())
        .isEqualTo("pneumoniamnist_224.npz");
  }
}
