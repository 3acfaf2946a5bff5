package dev.cxr.data.audit;

import static dev.cxr.data.audit.AuditFixtures.mapPixels;
import static dev.cxr.data.audit.AuditFixtures.properties;
import static dev.cxr.data.audit.AuditFixtures.syntheticImage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {

  @Test
  void findsAlteredCopies() throws IOException {
    GrayImage image = syntheticImage(3);
    Map<String, GrayImage> copies =
        Map.of(
            "half", Resampler.resize(image, 112, 112),
            "of another aspect", Resampler.resize(image, 300, 250),
            "brighter", mapPixels(image, v -> v + 30),
            "darker", mapPixels(image, v -> v - 30),
            "flatter", mapPixels(image, v -> v / 2 + 60),
            "of gamma 0.7", mapPixels(image, v -> (int) (255 * Math.pow(v / 255.0, 0.7))),
            "noisy", noisy(image, 20));
    copies.forEach(
        (name, copy) ->
            assertThat(
                    NearDuplicates.findIn(
                            List.of(
                                properties("a", image, Finding.NORMAL, Split.TRAIN),
                                properties("b", copy, Finding.NORMAL, Split.TRAIN)))
                        .sameSplit())
                .as(name)
                .isEqualTo(1));
  }

  @Test
  void ignoresImagesOfDifferentPatients() throws IOException {
    List<ImageProperties> different = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      different.add(properties("x" + i, syntheticImage(10 * i), Finding.NORMAL, Split.TRAIN));
    }
    assertThat(NearDuplicates.findIn(different).pairs()).isEmpty();
  }

  @Test
  void countsExactDuplicatesOnce() throws IOException {
    GrayImage image = syntheticImage(0);
    NearDuplicates near =
        NearDuplicates.findIn(
            List.of(
                properties("a", image, Finding.NORMAL, Split.TRAIN),
                properties("same", image, Finding.NORMAL, Split.TRAIN),
                properties("same in test", image, Finding.NORMAL, Split.TEST),
                properties("brighter", mapPixels(image, v -> v + 9), Finding.NORMAL, Split.TRAIN)));
    assertThat(near.pairs())
        .extracting(p -> p.first().id() + " / " + p.second().id())
        .containsExactly("same in test / brighter", "a / brighter");
  }

  @Test
  void sortsPairsBySplitOverlap() throws IOException {
    GrayImage image = syntheticImage(0);
    NearDuplicates near =
        NearDuplicates.findIn(
            List.of(
                properties("a", image, Finding.NORMAL, Split.TRAIN),
                properties("b", mapPixels(image, v -> v + 1), Finding.NORMAL, Split.TRAIN),
                properties("c", mapPixels(image, v -> v + 9), Finding.NORMAL, Split.VALIDATION),
                properties("d", noisy(image, 30), Finding.VIRAL_PNEUMONIA, Split.TEST)));
    List<String> pairs =
        near.pairs().stream()
            .map(
                p ->
                    p.first().id()
                        + p.second().id()
                        + " "
                        + p.splitOverlap()
                        + " "
                        + p.labelAgreement())
            .toList();
    assertThat(pairs.subList(0, 3))
        .containsExactlyInAnyOrder(
            "ad TRAINING_AND_TEST CONFLICT",
            "bd TRAINING_AND_TEST CONFLICT",
            "cd TRAINING_AND_TEST CONFLICT");
    assertThat(pairs.subList(3, 5))
        .containsExactlyInAnyOrder("ac TRAIN_AND_VALIDATION SAME", "bc TRAIN_AND_VALIDATION SAME");
    assertThat(pairs.subList(5, 6)).containsExactly("ab SAME_SPLIT SAME");
    assertThat(near.trainingAndTest()).isEqualTo(3);
    assertThat(near.trainAndValidation()).isEqualTo(2);
    assertThat(near.sameSplit()).isEqualTo(1);
    assertThat(near.labelConflicts()).isEqualTo(3);
  }

  @Test
  void countsAllPairsAndKeepsTheMostSimilar() throws IOException {
    List<ImageProperties> alike = new ArrayList<>();
    for (int i = 0; i < 46; i++) {
      alike.add(properties("x" + i, noisy(syntheticImage(0), i + 1), Finding.NORMAL, Split.TRAIN));
    }
    NearDuplicates near = NearDuplicates.findIn(alike);
    assertThat(near.sameSplit()).isEqualTo(46 * 45 / 2);
    assertThat(near.pairs()).hasSize(1000);
    double least = near.pairs().get(999).correlation();
    long better = 0;
    for (int i = 0; i < 46; i++) {
      for (int j = i + 1; j < 46; j++) {
        better += alike.get(i).thumbnail().correlation(alike.get(j).thumbnail()) > least ? 1 : 0;
      }
    }
    assertThat(better).isLessThan(1000);
    assertThat(NearDuplicates.findIn(alike)).isEqualTo(near);
  }

  private static GrayImage noisy(GrayImage image, int strength) {
    Random random = new Random(strength);
    byte[] pixels = Arrays.copyOf(image.pixels(), image.pixels().length);
    for (int i = 0; i < pixels.length; i++) {
      int value = Byte.toUnsignedInt(pixels[i]) + random.nextInt(2 * strength + 1) - strength;
      pixels[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return new GrayImage(image.width(), image.height(), pixels);
  }
}
