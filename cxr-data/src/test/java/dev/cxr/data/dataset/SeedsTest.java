package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedsTest {

  @Test
  void theSamePartsGiveTheSameSeedEverywhere() {
    // The first output of SplitMix64 from 0, as its authors' C code prints it.
    assertThat(Seeds.of(0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(Seeds.of(1, 2, 3)).isEqualTo(Seeds.of(1, 2, 3));
  }

  @Test
  void anyOtherPartsGiveAnotherSeed() {
    Set<Long> seeds = new HashSet<>();
    for (int run = 0; run < 20; run++) {
      for (int epoch = 0; epoch < 50; epoch++) {
        seeds.add(Seeds.of(run, epoch));
        for (int index = 0; index < 100; index++) {
          seeds.add(Seeds.of(run, epoch, index));
        }
      }
    }
    assertThat(seeds).hasSize(20 * 50 + 20 * 50 * 100);
  }

  @Test
  void theOrderOfThePartsCounts() {
    assertThat(Seeds.of(1, 2)).isNotEqualTo(Seeds.of(2, 1));
    assertThat(Seeds.of(0)).isNotEqualTo(Seeds.of(0, 0));
  }
}
