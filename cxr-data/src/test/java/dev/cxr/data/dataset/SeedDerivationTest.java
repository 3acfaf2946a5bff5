package dev.cxr.data.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeedDerivationTest {

  @Test
  void samePartsGiveSameSeed() {
    // The first output of SplitMix64 from 0, as its authors' C code prints it.
    assertThat(SeedDerivation.derive(0)).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(SeedDerivation.derive(1, 2, 3)).isEqualTo(SeedDerivation.derive(1, 2, 3));
  }

  @Test
  void differentPartsGiveDifferentSeeds() {
    Set<Long> seeds = new HashSet<>();
    for (int run = 0; run < 20; run++) {
      for (int epoch = 0; epoch < 50; epoch++) {
        seeds.add(SeedDerivation.derive(run, epoch));
        for (int index = 0; index < 100; index++) {
          seeds.add(SeedDerivation.derive(run, epoch, index));
        }
      }
    }
    assertThat(seeds).hasSize(20 * 50 + 20 * 50 * 100);
  }

  @Test
  void seedDependsOnOrderOfParts() {
    assertThat(SeedDerivation.derive(1, 2)).isNotEqualTo(SeedDerivation.derive(2, 1));
    assertThat(SeedDerivation.derive(0)).isNotEqualTo(SeedDerivation.derive(0, 0));
  }
}
