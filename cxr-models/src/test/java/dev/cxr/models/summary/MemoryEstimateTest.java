package dev.cxr.models.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.Network;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {

  private static final int SIDE = 224;

  /** A heap of 512 MiB touched from the start, less what a small one uses, and the prefill. */
  private static final int MEBIBYTES_IF_PLENTY = 360;

  /** Peaks of whole training processes in a cgroup, one batch repeated, one thread. */
  @ParameterizedTest
  @CsvSource({
    "binary-cnn,        8, 1341",
    "binary-cnn,       32, 2451",
    "three-class-cnn,  32, 2222",
    "compact-cnn,      32, 1932",
    "mobilenet-v1-075,  8, 1243",
    "mobilenet-v1-075, 32, 2357",
    "resnet50,          8, 2035",
    "resnet50,         32, 4168",
    "densenet121,      32, 5161",
    "vgg16,            32, 3529",
    "xception,         32, 5887",
    "inception-v3,     32, 2936"
  })
  void isCloseToMeasuredPeaks(String architecture, int batchSize, long peakMebibytes) {
    Network network = Architectures.forName(architecture).create(SIDE);
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, SIDE, SIDE));
      long bytes = MemoryEstimate.of(network, SIDE).training(batchSize);
      assertThat((bytes >> 20) + MEBIBYTES_IF_PLENTY)
          .isCloseTo(peakMebibytes, withinPercentage(20));
    }
  }
}
