package dev.cxr.serve.http;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.modality.Input;
import ai.djl.modality.Output;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import dev.cxr.models.bundle.XrayTranslator;
import dev.cxr.serve.load.LoadGenerator;
import dev.cxr.serve.load.LoadTestReport;
import dev.cxr.serve.support.RandomBundle;
import dev.cxr.serve.support.Soak;
import dev.cxr.serve.support.TestImages;
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
class ServingOverheadTest {

  private static final List<byte[]> IMAGES =
      IntStream.range(0, 4).mapToObj(TestImages::jpeg).toList();
  private static final int BATCH = 16;

  private static final RandomBundle BUNDLE = RandomBundle.SMALL.withSide(Soak.choose(96, 224));

  private static Input input(int number) {
    Input input = new Input();
    input.add("data", IMAGES.get(number % IMAGES.size()));
    return input;
  }

  @Test
  void keepsUpWithPlainPredictor(@TempDir Path scratch) throws Exception {
    int rounds = Soak.choose(1, 5);
    Duration time = Duration.ofSeconds(Soak.choose(1, 10));
    int singles = Soak.choose(40, 200);
    try (TestServer server = TestServer.start(scratch, BUNDLE);
        ZooModel<Input, Output> model =
            Criteria.builder()
                .setTypes(Input.class, Output.class)
                .optModelPath(server.bundle(0).folder())
                .optTranslator(new XrayTranslator())
                .build()
                .loadModel();
        Predictor<Input, Output> predictor = model.newPredictor()) {
      var address = server.url("/predictions/random");
      new LoadGenerator(address, IMAGES, 16, Duration.ofMillis(500), 0).run();
      batchPredict(predictor, Duration.ofMillis(500));
      double[] throughput = new double[rounds];
      double[] addedLatency = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        double plain = batchPredict(predictor, time);
        LoadTestReport served = new LoadGenerator(address, IMAGES, 16, time, 0).run();
        assertThat(served.isClean()).isTrue();
        throughput[round] = served.correctPerSecond() / plain;
        double[] plainMillis = new double[singles];
        double[] servedMillis = new double[singles];
        for (int i = 0; i < singles; i++) { // in turn, so that both meet the same neighbours
          int number = i % IMAGES.size();
          plainMillis[i] = millis(() -> predictor.predict(input(number)));
          servedMillis[i] = millis(() -> server.post("/predictions/random", IMAGES.get(number)));
        }
        double plainMedian = median(plainMillis);
        addedLatency[round] = median(servedMillis) - plainMedian;
        System.out.printf(
            "16 clients %.1f/s, batchPredict %.1f/s, ratio %.2f; single p50 %.2f ms over %.2f ms%n",
            served.correctPerSecond(), plain, throughput[round], addedLatency[round], plainMedian);
      }
      assertThat(median(throughput)).isGreaterThan(Soak.ENABLED ? 0.9 : 0.3);
      assertThat(median(addedLatency)).isLessThan(Soak.ENABLED ? 2 : 100);
    }
  }

  private static double batchPredict(Predictor<Input, Output> predictor, Duration time)
      throws Exception {
    List<Input> batch = IntStream.range(0, BATCH).mapToObj(ServingOverheadTest::input).toList();
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
