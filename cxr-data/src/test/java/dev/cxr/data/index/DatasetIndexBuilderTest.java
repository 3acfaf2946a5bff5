package dev.cxr.data.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatasetIndexBuilderTest {

  /** As for two file names with letters that the locale does not support. */
  @Test
  void rejectsDuplicateImageNames() {
    DatasetIndexBuilder found = new DatasetIndexBuilder();
    for (String file : new String[] {"a.png", "b.png"}) {
      FileSource source = new FileSource(Path.of(file));
      found.add("train/?.png", source, Finding.NORMAL, Optional.empty(), Split.TRAIN);
    }
    assertThatThrownBy(
            () -> found.build(Path.of("x"), PatientIdSource.METADATA, DatasetOptions.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("two with the name 'train/?.png'")
        .hasMessageContaining("LC_ALL");
  }
}
