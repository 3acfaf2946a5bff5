package dev.cxr.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import dev.cxr.common.command.EngineCommand;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures the most that the engine reaches on this processor. */
@Command(
    name = "peak",
    description =
        "Measure the engine's peak of matrix products, of convolutions and of the memory; prints"
            + " JSON.")
final class PeakCommand implements EngineCommand {

  private static final int MATRIX = 2048;
  private static final int SIDE = 28;
  private static final int CHANNELS = 512;
  private static final int BATCH = 16;

  /** Floats of an array, 512 MiB: several times the largest cache. */
  private static final long VECTOR = 1 << 27;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      required = true,
      description = "Least duration of each measurement.")
  private double minSeconds;

  @Override
  public Integer call() {
    try (NDManager manager = NDManager.newBaseManager()) {
      double product = 2.0 * MATRIX * MATRIX * MATRIX;
      NDArray a = manager.randomUniform(-1, 1, new Shape(MATRIX, MATRIX));
      NDArray b = manager.randomUniform(-1, 1, new Shape(MATRIX, MATRIX));
      NDArray weight = manager.randomUniform(-1, 1, new Shape(CHANNELS, CHANNELS, 3, 3));
      NDArray maps =
          manager
              .randomUniform(-1, 1, new Shape(BATCH, SIDE, SIDE, CHANNELS))
              .transpose(0, 3, 1, 2);
      NDArray x = manager.ones(new Shape(VECTOR));
      NDArray y = manager.ones(new Shape(VECTOR));
      System.out.printf(
          Locale.ROOT,
          "{\"matrixProduct\": %.2f, \"convolution\": %.2f,"
              + " \"memory\": %.2f}%n",
          gigaPerSecond(product, () -> a.matMul(b).close()),
          gigaPerSecond(
              2.0 * BATCH * SIDE * SIDE * CHANNELS * CHANNELS * 9,
              () ->
                  Conv2d.conv2d(
                          maps, weight, null, new Shape(1, 1), new Shape(1, 1), new Shape(1, 1))
                      .close()),
          gigaPerSecond(3.0 * Float.BYTES * VECTOR, () -> x.addi(y)));
    }
    return 0;
  }

  private double gigaPerSecond(double count, Runnable work) {
    return count / Timing.secondsPerCall(work, minSeconds) / 1e9;
  }
}
