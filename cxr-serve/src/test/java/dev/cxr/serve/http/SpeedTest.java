package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import dev.cxr.models.bundle.XrayTranslator;
import dev.cxr.serve.load.LoadReport;
import dev.cxr.serve.load.LoadTest;
import dev.cxr.serve.support.Pictures;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What serving costs over DJL's own predictor, on the same network, files and cores. Rounds of both
 * alternate, for a machine's speed drifts.
 */
class SpeedTest {

  private static final List<byte[]> FILES = IntStream.range(0, 4).mapToObj(Pictures::jpeg).toList();
  private static final int BATCH = 16;

  private static final RandomBundle KIND = RandomBundle.SMALL.sized(Soak.amount(96, 224));

  private static Input input(int number) {
    Input input = new Input();
    input.add("data", FILES.get(number % FILES.size()));
    return input;
  }

  @Test
  void keepsUpWithABarePredictor(@TempDir Path scratch) throws Exception {
    int rounds = Soak.amount(1, 5);
    Duration time = Duration.ofSeconds(Soak.amount(1, 10));
    int singles = Soak.amount(40, 200);
    try (TestServer server = TestServer.start(scratch, KIND);
        ZooModel<Input, Output> model =
            Criteria.builder()
                .setTypes(Input.class, Output.class)
                .optModelPath(server.bundle(0).folder())
                .optTranslator(new XrayTranslator())
                .build()
                .loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      var address = server.at("/predictions/random");
      new LoadTest(address, FILES, 16, Duration.ofMillis(500), 0).run();
      batchPredict(predictor, Duration.ofMillis(500));
      double[] throughput = new double[rounds];
      double[] more = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        double bare = batchPredict(predictor, time);
        LoadReport served = new LoadTest(address, FILES, 16, time, 0).run();
        assertThat(served.isClean()).isTrue();
        throughput[round] = served.answersPerSecond() / bare;
        double[] alone = new double[singles];
        double[] asked = new double[singles];
        for (int i = 0; i < singles; i++) { // in turn, so that both meet the same neighbours
          int number = i % FILES.size();
          alone[i] = millis(() -> predictor.predict(input(number)));
          asked[i] = millis(() -> server.post("/predictions/random", FILES.get(number)));
        }
        double single = median(alone);
        more[round] = median(asked) - single;
        System.out.printf(
            "16 clients %.1f/s, batchPredict %.1f/s, ratio %.2f; single p50 %.2f ms over %.2f ms%n",
            served.answersPerSecond(), bare, throughput[round], more[round], single);
      }
      assertThat(median(throughput)).isGreaterThan(Soak.ON ? 0.9 : 0.3);
      assertThat(median(more)).isLessThan(Soak.ON ? 2 : 100);
    }
  }

  private static double batchPredict(Predictor<Input, Output> predictor, Duration time)
      throws Exception {
    List<Input> batch = IntStream.range(0, BATCH).mapToObj(SpeedTest::input).toList();
    long began = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - began < time.toNanos()) {
      count += predictor.batchPredict(batch).size();
    }
    return count * 1e9 / (System.nanoTime() - began);
  }

  private static double millis(Callable<?> one) throws Exception {
    long began = System.nanoTime();
    assertThat(one.call()).isNotNull();
    return (System.nanoTime() - began) / 1e6;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
