package dev.cxr.data.audit;

import static dev.cxr.data.audit.Drawn.changed;
import static dev.cxr.data.audit.Drawn.drawn;
import static dev.cxr.data.audit.Drawn.facts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.Resampler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {

  @Test
  void alteredCopiesAreFound() throws IOException {
    GrayImage picture = drawn(3);
    Map<String, GrayImage> copies =
        Map.of(
            "half", Resampler.resize(picture, 112, 112),
            "of another aspect", Resampler.resize(picture, 300, 250),
            "brighter", changed(picture, v -> v + 30),
            "darker", changed(picture, v -> v - 30),
            "flatter", changed(picture, v -> v / 2 + 60),
            "of gamma 0.7", changed(picture, v -> (int) (255 * Math.pow(v / 255.0, 0.7))),
            "noisy", noisy(picture, 20));
    copies.forEach(
        (name, copy) ->
            assertThat(
                    NearDuplicates.among(
                            List.of(
                                facts("a", picture, Finding.NORMAL, Split.TRAIN),
                                facts("b", copy, Finding.NORMAL, Split.TRAIN)))
                        .oneSplit())
                .as(name)
                .isEqualTo(1));
  }

  @Test
  void picturesOfDifferentPeopleAreNot() throws IOException {
    List<PictureFacts> different = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      different.add(facts("x" + i, drawn(10 * i), Finding.NORMAL, Split.TRAIN));
    }
    assertThat(NearDuplicates.among(different).pairs()).isEmpty();
  }

  @Test
  void equalPicturesAreNoNearDuplicatesAndStandForOneInAPair() throws IOException {
    GrayImage picture = drawn(0);
    NearDuplicates near =
        NearDuplicates.among(
            List.of(
                facts("a", picture, Finding.NORMAL, Split.TRAIN),
                facts("same", picture, Finding.NORMAL, Split.TRAIN),
                facts("same in test", picture, Finding.NORMAL, Split.TEST),
                facts("brighter", changed(picture, v -> v + 9), Finding.NORMAL, Split.TRAIN)));
    assertThat(near.pairs())
        .extracting(p -> p.first().id() + " / " + p.second().id())
        .containsExactly("same in test / brighter", "a / brighter");
  }

  @Test
  void pairsIntoTestComeFirstAndEachSaysWhereItStandsAndWhatItIsSaidToShow() throws IOException {
    GrayImage picture = drawn(0);
    NearDuplicates near =
        NearDuplicates.among(
            List.of(
                facts("a", picture, Finding.NORMAL, Split.TRAIN),
                facts("b", changed(picture, v -> v + 1), Finding.NORMAL, Split.TRAIN),
                facts("c", changed(picture, v -> v + 9), Finding.NORMAL, Split.VALIDATION),
                facts("d", noisy(picture, 30), Finding.VIRAL_PNEUMONIA, Split.TEST)));
    List<String> pairs =
        near.pairs().stream()
            .map(p -> p.first().id() + p.second().id() + " " + p.spread() + " " + p.findings())
            .toList();
    assertThat(pairs.subList(0, 3))
        .containsExactlyInAnyOrder(
            "ad INTO_TEST CONFLICT", "bd INTO_TEST CONFLICT", "cd INTO_TEST CONFLICT");
    assertThat(pairs.subList(3, 5))
        .containsExactlyInAnyOrder("ac TRAIN_AND_VALIDATION SAME", "bc TRAIN_AND_VALIDATION SAME");
    assertThat(pairs.subList(5, 6)).containsExactly("ab ONE_SPLIT SAME");
    assertThat(near.intoTest()).isEqualTo(3);
    assertThat(near.trainAndValidation()).isEqualTo(2);
    assertThat(near.oneSplit()).isEqualTo(1);
    assertThat(near.conflicts()).isEqualTo(3);
  }

  @Test
  void ofVeryManyAllAreCountedAndTheMostAlikeKept() throws IOException {
    List<PictureFacts> alike = new ArrayList<>();
    for (int i = 0; i < 46; i++) {
      alike.add(facts("x" + i, noisy(drawn(0), i + 1), Finding.NORMAL, Split.TRAIN));
    }
    NearDuplicates near = NearDuplicates.among(alike);
    assertThat(near.oneSplit()).isEqualTo(46 * 45 / 2);
    assertThat(near.pairs()).hasSize(1000);
    double least = near.pairs().get(999).correlation();
    long better = 0;
    for (int i = 0; i < 46; i++) {
      for (int j = i + 1; j < 46; j++) {
        better += alike.get(i).thumbnail().correlation(alike.get(j).thumbnail()) > least ? 1 : 0;
      }
    }
    assertThat(better).isLessThan(1000);
    assertThat(NearDuplicates.among(alike)).isEqualTo(near);
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
