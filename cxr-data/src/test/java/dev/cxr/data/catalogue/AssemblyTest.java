package dev.cxr.data.catalogue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AssemblyTest {

  /** As two file names do whose letters the locale does not know. */
  @Test
  void picturesWhoseNamesReadAlikeAreRefused() {
    Assembly found = new Assembly();
    for (String file : new String[] {"a.png", "b.png"}) {
      ImageFile source = new ImageFile(Path.of(file));
      found.add("train/?.png", source, Finding.NORMAL, Optional.empty(), Split.TRAIN);
    }
    assertThatThrownBy(
            () -> found.catalogue(Path.of("x"), PatientSource.STATED, ValidationRule.DEFAULT))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("two that read 'train/?.png'")
        .hasMessageContaining("LC_ALL");
  }
}
