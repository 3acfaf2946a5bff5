package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AutoencoderTest {

  private static final int CHANNELS = 2;
  private static final int FILTERS = 3;

  /** The definition: every input pixel adds its multiple of the kernel to the output. */
  @ParameterizedTest
  @CsvSource({"3,5", "3,6", "4,7", "4,8", "1,1"})
  void transposedConvolutionMatchesItsDefinition(int from, int to) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Block layer = Autoencoder.transposedConv(to, FILTERS);
      Shape shape = new Shape(2, CHANNELS, from, from);
      layer.initialize(manager, DataType.FLOAT32, shape);
      NDArray input = DeterministicFill.input(manager, shape);
      NDArray kernel = layer.getParameters().valueAt(0).getArray(); // (FILTERS, CHANNELS, 3, 3)

      float[][][][] expected = new float[2][FILTERS][to][to];
      for (int n = 0; n < 2; n++) {
        for (int y = 0; y < from; y++) {
          for (int x = 0; x < from; x++) {
            for (int c = 0; c < CHANNELS; c++) {
              scatter(expected[n], input.getFloat(n, c, y, x), kernel, c, 2 * y - 1, 2 * x - 1);
            }
          }
        }
      }
      NDArray output =
          layer
              .forward(new ParameterStore(manager, false), new NDList(input), false)
              .singletonOrThrow();
      assertThat(output.getShape()).isEqualTo(new Shape(2, FILTERS, to, to));
      for (int n = 0; n < 2; n++) {
        for (int f = 0; f < FILTERS; f++) {
          for (int y = 0; y < to; y++) {
            float[] row = output.get(n).get(f).get(y).toFloatArray();
            assertThat(row).containsExactly(expected[n][f][y], within(1e-5f));
          }
        }
      }
    }
  }

  private static void scatter(
      float[][][] output, float value, NDArray kernel, int channel, int top, int left) {
    for (int f = 0; f < FILTERS; f++) {
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          int y = top + i;
          int x = left + j;
          if (y >= 0 && x >= 0 && y < output[f].length && x < output[f].length) {
            output[f][y][x] += value * kernel.getFloat(f, channel, 2 - i, 2 - j);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 33, 47, 50})
  void reconstructionKeepsTheImageSize(int side) {
    try (NDManager manager = NDManager.newBaseManager()) {
      AutoencoderNetwork network = network(manager, side, MemoryFormat.CHANNELS_LAST);
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = manager.randomUniform(0, 1, new Shape(2, 1, side, side));
      NDArray back = network.reconstruct(parameters, images);
      assertThat(back.getShape()).isEqualTo(images.getShape());
      assertThat(back.min().getFloat()).isNotNegative();
      assertThat(back.max().getFloat()).isLessThanOrEqualTo(1);
      int latent = (side + 15) / 16;
      assertThat(network.featureMap(parameters, images).getShape())
          .isEqualTo(new Shape(2, 256, latent, latent));
    }
  }

  @Test
  void memoryFormatsGiveTheSameReconstructions() {
    try (NDManager manager = NDManager.newBaseManager()) {
      AutoencoderNetwork last = network(manager, 40, MemoryFormat.CHANNELS_LAST);
      AutoencoderNetwork contiguous = network(manager, 40, MemoryFormat.CONTIGUOUS);
      for (int i = 0; i < last.getParameters().size(); i++) {
        NDArray source = last.getParameters().valueAt(i).getArray();
        source.copyTo(contiguous.getParameters().valueAt(i).getArray());
      }
      ParameterStore parameters = new ParameterStore(manager, false);
      NDArray images = manager.randomUniform(0, 1, new Shape(2, 1, 40, 40));
      assertThat(last.reconstruct(parameters, images).toFloatArray())
          .containsExactly(
              contiguous.reconstruct(parameters, images).toFloatArray(), within(1e-5f));
    }
  }

  private static AutoencoderNetwork network(NDManager manager, int side, MemoryFormat format) {
    AutoencoderNetwork network =
        BuiltInArchitecture.AUTOENCODER.createAutoencoder(InputSpec.gray(side), format);
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
    return network;
  }
}
