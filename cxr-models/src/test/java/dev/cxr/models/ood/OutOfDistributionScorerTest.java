package dev.cxr.models.ood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class OutOfDistributionScorerTest {

  private static final Offset<Double> CLOSE = within(1e-5);

  private static Bundle golden() throws Exception {
    return Bundle.open(
        Path.of(Objects.requireNonNull(Bundle.class.getResource("format-1")).toURI()));
  }

  private static GrayImage xray(int seed) {
    return new ImageSource.SyntheticSource(Finding.VIRAL_PNEUMONIA, seed, seed, 64).read();
  }

  private static GrayImage noise() {
    byte[] pixels = new byte[64 * 64];
    new Random(1).nextBytes(pixels);
    return new GrayImage(64, 64, pixels);
  }

  /** The values are those of version 0.1.0, which ran the network once for each layer. */
  @Test
  void scoresDoNotChangeBetweenVersions() throws Exception {
    try (Classifier classifier = Classifier.load(golden())) {
      OutOfDistributionScorer scorer = OutOfDistributionScorer.of(classifier).orElseThrow();
      assertThat(scorer.score(xray(0))).isCloseTo(3.5600162, CLOSE);
      assertThat(scorer.score(xray(1))).isCloseTo(3.5929896, CLOSE);
      assertThat(scorer.score(xray(2))).isCloseTo(3.6772868, CLOSE);
      assertThat(scorer.score(noise())).isCloseTo(3.5254786, CLOSE);
    }
  }

  @Test
  void batchScoresEqualSingleScores() throws Exception {
    try (Classifier classifier = Classifier.load(golden());
        NDManager scope = classifier.manager().newSubManager()) {
      OutOfDistributionScorer scorer = OutOfDistributionScorer.of(classifier).orElseThrow();
      List<GrayImage> images = List.of(xray(0), noise(), xray(2));
      double[] single = images.stream().mapToDouble(scorer::score).toArray();
      double[] batch = scorer.scores(classifier.toBatch(scope, images));
      assertThat(IntStream.range(0, 3).mapToDouble(i -> batch[i] - single[i]).toArray())
          .containsExactly(new double[3], CLOSE);
    }
  }
}
