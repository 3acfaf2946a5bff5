package dev.cxr.data.dataset;

import static dev.cxr.data.index.Finding.BACTERIAL_PNEUMONIA;
import static dev.cxr.data.index.Finding.NORMAL;
import static dev.cxr.data.index.Finding.PNEUMONIA;
import static dev.cxr.data.index.Finding.VIRAL_PNEUMONIA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.Sampling.EveryImage;
import dev.cxr.data.dataset.Sampling.FindingShares;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingTest {

  /** 7 normal, 31 bacterial, 15 viral, mixed. */
  private static final List<Finding> FINDINGS =
      findings(Map.of(NORMAL, 7, BACTERIAL_PNEUMONIA, 31, VIRAL_PNEUMONIA, 15));

  @Test
  void naturalOrderContainsEveryImageOnceWithSeedOfItsIndex() {
    EpochSampler order = order(EveryImage.NATURAL, FINDINGS, 3);
    assertThat(imageIndices(order))
        .containsExactlyInAnyOrderElementsOf(indices(53))
        .isNotEqualTo(indices(53));
    for (int i = 0; i < order.size(); i++) {
      assertThat(order.augmentationSeed(i))
          .isEqualTo(SeedDerivation.derive(5, 3, order.imageIndex(i)));
    }
  }

  @Test
  void oversamplingBalancesClasses() {
    List<Integer> images = imageIndices(order(EveryImage.OVERSAMPLED, FINDINGS, 1));
    assertThat(images).hasSize(2 * 46);
    for (int index = 0; index < 53; index++) {
      int times = Collections.frequency(images, index);
      if (FINDINGS.get(index).equals(NORMAL)) {
        assertThat(times).isBetween(6, 7); // 46 places for 7 images
      } else {
        assertThat(times).isEqualTo(1);
      }
    }
  }

  @Test
  void oversamplingRepeatsDifferentImagesInEachEpoch() {
    Set<Set<Integer>> often = new HashSet<>();
    for (int epoch = 1; epoch <= 10; epoch++) {
      List<Integer> images = imageIndices(order(EveryImage.OVERSAMPLED, FINDINGS, epoch));
      Set<Integer> seven = new TreeSet<>();
      for (int index : images) {
        if (Collections.frequency(images, index) == 7) {
          seven.add(index);
        }
      }
      assertThat(seven).hasSize(4);
      often.add(seven);
    }
    assertThat(often).hasSizeGreaterThan(4);
  }

  @Test
  void oversampledImagesAreShuffled() {
    EpochSampler order = order(EveryImage.OVERSAMPLED, FINDINGS, 1);
    int normals = 0;
    for (int i = 0; i < order.size() / 2; i++) {
      normals += FINDINGS.get(order.imageIndex(i)).equals(NORMAL) ? 1 : 0;
    }
    assertThat(normals).isBetween(13, 33); // 23 expected, standard deviation 2.4
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void augmentationSeedsAreUniqueWithinEpoch(Sampling sampling) {
    EpochSampler order = order(sampling, FINDINGS, 2);
    Set<Long> seeds = new HashSet<>();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < order.size(); i++) {
      seeds.add(order.augmentationSeed(i));
      if (seen.add(order.imageIndex(i))) {
        assertThat(order.augmentationSeed(i))
            .isEqualTo(SeedDerivation.derive(5, 2, order.imageIndex(i)));
      }
    }
    assertThat(seeds).hasSize(order.size());
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void orderDependsOnlyOnSeedAndEpoch(Sampling sampling) {
    List<Integer> once = imageIndices(order(sampling, FINDINGS, 2));
    assertThat(imageIndices(order(sampling, FINDINGS, 2))).isEqualTo(once);
    assertThat(imageIndices(order(sampling, FINDINGS, 3))).isNotEqualTo(once);
    assertThat(imageIndices(EpochSampler.of(sampling, FINDINGS, labels(FINDINGS), 6, 2)))
        .isNotEqualTo(once);
  }

  static Stream<Sampling> samplings() {
    return Stream.of(
        EveryImage.NATURAL,
        EveryImage.OVERSAMPLED,
        shares(NORMAL, 0.4, BACTERIAL_PNEUMONIA, 0.36, VIRAL_PNEUMONIA, 0.24));
  }

  @ParameterizedTest
  @MethodSource("shareOuts")
  void everyBatchMatchesShares(FindingShares shares, int batchSize) {
    List<Finding> findings =
        findings(Map.of(NORMAL, 100, BACTERIAL_PNEUMONIA, 531, VIRAL_PNEUMONIA, 269));
    EpochSampler order = order(shares, findings, 1);
    assertThat(order.size()).isEqualTo(900);
    for (int from = 0; from + batchSize <= 900; from += batchSize) {
      List<Finding> batch =
          IntStream.range(from, from + batchSize)
              .mapToObj(i -> findings.get(order.imageIndex(i)))
              .toList();
      shares
          .shares()
          .forEach(
              (finding, share) ->
                  assertThat(
                          (double)
                              batch.stream()
                                  .filter(f -> shares.shareKey(f).equals(finding))
                                  .count())
                      .isCloseTo(share * batchSize, within(2.0)));
    }
  }

  static Stream<Arguments> shareOuts() {
    return Stream.of(
        Arguments.of(shares(NORMAL, 0.4, BACTERIAL_PNEUMONIA, 0.36, VIRAL_PNEUMONIA, 0.24), 32),
        Arguments.of(shares(NORMAL, 0.4, BACTERIAL_PNEUMONIA, 0.36, VIRAL_PNEUMONIA, 0.24), 900),
        Arguments.of(shares(NORMAL, 0.5, PNEUMONIA, 0.5), 16),
        Arguments.of(shares(NORMAL, 0.05, BACTERIAL_PNEUMONIA, 0.05, PNEUMONIA, 0.9), 10));
  }

  @Test
  void usesAllImagesOfFindingBeforeRepeating() {
    EpochSampler order = order(shares(NORMAL, 0.5, PNEUMONIA, 0.5), FINDINGS, 1);
    List<Integer> normals =
        imageIndices(order).stream().filter(i -> FINDINGS.get(i).equals(NORMAL)).toList();
    assertThat(normals).hasSizeBetween(26, 27);
    Set<List<Integer>> rounds = new HashSet<>();
    for (int from = 0; from + 7 <= normals.size(); from += 7) {
      List<Integer> round = normals.subList(from, from + 7);
      assertThat(round).doesNotHaveDuplicates();
      rounds.add(round);
    }
    assertThat(rounds).hasSizeGreaterThan(1); // in another order each time
  }

  @Test
  void pneumoniaShareCoversFindingsWithoutShare() {
    List<Finding> findings =
        findings(Map.of(NORMAL, 50, PNEUMONIA, 10, VIRAL_PNEUMONIA, 30, BACTERIAL_PNEUMONIA, 30));
    Sampling sampling = shares(NORMAL, 0.5, VIRAL_PNEUMONIA, 0.25, PNEUMONIA, 0.25);
    List<Finding> drawn =
        imageIndices(order(sampling, findings, 1)).stream().map(findings::get).toList();
    int unknown = Collections.frequency(drawn, PNEUMONIA);
    assertThat(Collections.frequency(drawn, VIRAL_PNEUMONIA)).isEqualTo(30);
    assertThat(unknown + Collections.frequency(drawn, BACTERIAL_PNEUMONIA)).isEqualTo(30);
    assertThat(unknown).isBetween(1, 10);
  }

  @Test
  void rejectsShareWithoutImages() {
    List<Finding> findings = findings(Map.of(NORMAL, 5, BACTERIAL_PNEUMONIA, 5));
    assertThatThrownBy(
            () ->
                order(
                    shares(NORMAL, 0.4, BACTERIAL_PNEUMONIA, 0.4, VIRAL_PNEUMONIA, 0.2),
                    findings,
                    1))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("none of viral-pneumonia")
        .hasMessageContaining("Remove its share");
  }

  @Test
  void rejectsImagesWithoutShare() {
    List<Finding> findings = findings(Map.of(NORMAL, 5, BACTERIAL_PNEUMONIA, 5, PNEUMONIA, 1));
    assertThatThrownBy(() -> order(shares(NORMAL, 0.5, BACTERIAL_PNEUMONIA, 0.5), findings, 1))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("1 image of pneumonia without a share");
    assertThatThrownBy(() -> order(shares(PNEUMONIA, 1.0), findings, 1))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("5 images of normal without a share. Add a share for it.");
  }

  @Test
  void rejectsInvalidShares() {
    assertThatThrownBy(() -> shares(NORMAL, 0.5, PNEUMONIA, 0.4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected the sum 1, found 0.9");
    assertThatThrownBy(() -> new FindingShares(Map.of()))
        .hasMessageContaining("expected the sum 1, found 0.0");
    assertThatThrownBy(() -> shares(NORMAL, 1.0, PNEUMONIA, 0.0)).hasMessageContaining("above 0");
    assertThatThrownBy(() -> shares(NORMAL, Double.NaN, PNEUMONIA, 1.0))
        .hasMessageContaining("expected above 0, found NaN");
    assertThat(shares(NORMAL, 0.1, VIRAL_PNEUMONIA, 0.2, PNEUMONIA, 0.7).shares()).hasSize(3);
  }

  private static FindingShares shares(Object... findingsAndShares) {
    Map<Finding, Double> shares = new HashMap<>();
    for (int i = 0; i < findingsAndShares.length; i += 2) {
      shares.put((Finding) findingsAndShares[i], (Double) findingsAndShares[i + 1]);
    }
    return new FindingShares(shares);
  }

  private static EpochSampler order(Sampling sampling, List<Finding> findings, int epoch) {
    return EpochSampler.of(sampling, findings, labels(findings), 5, epoch);
  }

  private static int[] labels(List<Finding> findings) {
    return findings.stream().mapToInt(Task.BINARY::label).toArray();
  }

  private static List<Integer> imageIndices(EpochSampler order) {
    return IntStream.range(0, order.size()).map(order::imageIndex).boxed().toList();
  }

  private static List<Integer> indices(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static List<Finding> findings(Map<Finding, Integer> counts) {
    List<Finding> findings = new ArrayList<>();
    counts.forEach((finding, count) -> findings.addAll(Collections.nCopies(count, finding)));
    Collections.sort(findings);
    Collections.shuffle(findings, new Random(9));
    return findings;
  }
}
