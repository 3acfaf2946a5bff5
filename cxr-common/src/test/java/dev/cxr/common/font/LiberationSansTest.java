package dev.cxr.common.font;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Font;
import org.junit.jupiter.api.Test;

class LiberationSansTest {

  @Test
  void isFoundByItsFamily() {
    assertThat(LiberationSans.family()).isEqualTo("Liberation Sans");
    Font found = new Font(LiberationSans.family(), Font.PLAIN, 10);
    assertThat(found.getFontName()).isEqualTo(LiberationSans.ofSize(10).getFontName());
  }
}
