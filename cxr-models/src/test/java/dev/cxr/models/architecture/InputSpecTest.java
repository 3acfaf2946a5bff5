package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputSpecTest {

  private static final int IMAGES = 2;
  private static final int SIDE = 16;
  private static final int PIXELS = SIDE * SIDE;

  @ParameterizedTest
  @EnumSource
  void repeatsGrayToThreeNormalizedChannels(MemoryFormat format) {
    double[] mean = {0.485, 0.456, 0.406};
    double[] std = {0.229, 0.224, 0.225};
    float[] gray = randomPixels();
    float[] expected = new float[IMAGES * 3 * PIXELS];
    for (int image = 0; image < IMAGES; image++) {
      for (int channel = 0; channel < 3; channel++) {
        for (int pixel = 0; pixel < PIXELS; pixel++) {
          float x = gray[image * PIXELS + pixel];
          expected[(image * 3 + channel) * PIXELS + pixel] =
              (float) ((x - mean[channel]) / std[channel]);
        }
      }
    }
    InputSpec spec =
        new InputSpec(SIDE, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
    assertThat(spec.channels()).isEqualTo(3);
    assertThat(normalize(spec, format, 3)).containsExactly(expected, within(1e-5f));
  }

  @ParameterizedTest
  @EnumSource
  void normalizesSingleChannel(MemoryFormat format) {
    float[] gray = randomPixels();
    float[] expected = new float[gray.length];
    for (int i = 0; i < gray.length; i++) {
      expected[i] = (gray[i] - 0.25f) / 0.5f;
    }
    InputSpec spec = new InputSpec(SIDE, List.of(0.25), List.of(0.5));
    assertThat(normalize(spec, format, 1)).containsExactly(expected, within(1e-5f));
  }

  @ParameterizedTest
  @EnumSource
  void identityNormalizationKeepsPixels(MemoryFormat format) {
    assertThat(normalize(InputSpec.gray(SIDE), format, 1)).isEqualTo(randomPixels());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -32, 0, 15, 2049})
  void rejectsSidesOutOfRange(int side) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> InputSpec.gray(side))
        .withMessageContaining("not " + side);
  }

  @Test
  void acceptsMinAndMaxSide() {
    assertThat(InputSpec.gray(16).side()).isEqualTo(16);
    assertThat(InputSpec.gray(2048).side()).isEqualTo(2048);
  }

  @ParameterizedTest
  @MethodSource("badScales")
  void rejectsInvalidMeanAndStd(List<Double> mean, List<Double> std) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InputSpec(SIDE, mean, std))
        .withMessageContaining(mean.toString())
        .withMessageContaining(std.toString());
  }

  static Stream<Arguments> badScales() {
    return Stream.of(
        Arguments.of(List.of(), List.of()),
        Arguments.of(List.of(0.5), List.of()),
        Arguments.of(List.of(0.5, 0.5), List.of(0.5)),
        Arguments.of(List.of(0.5), List.of(0.0)),
        Arguments.of(List.of(0.5), List.of(-1.0)),
        Arguments.of(List.of(0.5), List.of(Double.NaN)),
        Arguments.of(List.of(0.5), List.of(Double.POSITIVE_INFINITY)),
        Arguments.of(List.of(Double.NaN), List.of(1.0)),
        Arguments.of(List.of(Double.NEGATIVE_INFINITY), List.of(1.0)));
  }

  @Test
  void copiesItsLists() {
    List<Double> mean = new ArrayList<>(List.of(0.5));
    InputSpec spec = new InputSpec(SIDE, mean, List.of(1.0));
    mean.set(0, 0.9);
    assertThat(spec.mean()).containsExactly(0.5);
  }

  private static float[] normalize(InputSpec spec, MemoryFormat format, int channels) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray gray = manager.create(randomPixels(), new Shape(IMAGES, 1, SIDE, SIDE));
      NDArray out =
          InputBlock.of(spec, format)
              .forward(new ParameterStore(manager, false), new NDList(gray), false)
              .singletonOrThrow();
      assertThat(out.getShape()).isEqualTo(new Shape(IMAGES, channels, SIDE, SIDE));
      return out.toFloatArray();
    }
  }

  private static float[] randomPixels() {
    Random random = new Random(5);
    float[] gray = new float[IMAGES * PIXELS];
    for (int i = 0; i < gray.length; i++) {
      gray[i] = random.nextInt(256) / 255f;
    }
    return gray;
  }
}
