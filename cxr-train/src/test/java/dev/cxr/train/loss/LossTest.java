package dev.cxr.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LossTest {

  private static final int IMAGES = 6;

  /** An objective with outputs and targets of six pictures, in double precision. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record LossCase(Loss loss, double[][] outputs, float[][] targets) {

    double mean(double[][] of) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < IMAGES; i++) {
        float[] output = new float[of[i].length];
        for (int j = 0; j < output.length; j++) {
          output[j] = (float) of[i][j];
        }
        sum += loss.sampleLoss(output, targets[i]);
        weight += loss.sampleWeight(targets[i]);
      }
      return sum / weight;
    }

    NDArray array(NDManager manager, double[][] rows) {
      NDArray flat = manager.create(new float[0]);
      for (double[] row : rows) {
        flat = flat.concat(manager.create(row).toType(flat.getDataType(), false));
      }
      return flat.reshape(new Shape(IMAGES, rows[0].length));
    }

    NDArray targets(NDManager manager) {
      float[] flat = new float[IMAGES * targets[0].length];
      for (int i = 0; i < flat.length; i++) {
        flat[i] = targets[i / targets[0].length][i % targets[0].length];
      }
      Shape shape =
          targets[0].length == 1 ? new Shape(IMAGES) : new Shape(IMAGES, targets[0].length);
      return manager.create(flat, shape);
    }
  }

  private static LossCase of(Loss loss, int outputs, int classes) {
    Random random = new Random(7);
    double[][] values = new double[IMAGES][outputs];
    float[][] targets = new float[IMAGES][classes == 0 ? outputs : 1];
    for (int i = 0; i < IMAGES; i++) {
      for (int j = 0; j < outputs; j++) {
        values[i][j] = Math.rint(random.nextGaussian() * 2 * 1024) / 1024;
      }
      for (int j = 0; j < targets[i].length; j++) {
        targets[i][j] = classes == 0 ? random.nextFloat() : random.nextInt(classes);
      }
    }
    return new LossCase(loss, values, targets);
  }

  static List<LossCase> cases() {
    return List.of(
        of(new BinaryCrossEntropy(1, 1, 0), 1, 2),
        of(new BinaryCrossEntropy(2, .5, 0), 1, 2),
        of(new BinaryCrossEntropy(2, .5, .1), 1, 2),
        of(new SoftmaxCrossEntropy(List.of(1.0, 1.0, 1.0), 0), 3, 3),
        of(new SoftmaxCrossEntropy(List.of(.5, 1.0, 3.0), 0), 3, 3),
        of(new SoftmaxCrossEntropy(List.of(.5, 1.0, 3.0), .05), 3, 3),
        of(new MeanSquaredError(), 16, 0));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void batchLossIsMeanOfSampleLosses(LossCase tested) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray loss =
          tested.loss().loss(tested.array(manager, tested.outputs()), tested.targets(manager));
      double expected = tested.mean(tested.outputs());
      assertThat((double) loss.getFloat()).isCloseTo(expected, within(1e-6 * expected));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientMatchesFiniteDifferences(LossCase tested) {
    double step = 1.0 / 1024; // so that moved outputs are floats
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray outputs = tested.array(manager, tested.outputs());
      outputs.setRequiresGradient(true);
      collector.backward(tested.loss().loss(outputs, tested.targets(manager)));
      float[] gradient = outputs.getGradient().toFloatArray();
      int width = tested.outputs()[0].length;
      for (int i = 0; i < gradient.length; i++) {
        double[][] moved = new double[IMAGES][];
        for (int j = 0; j < IMAGES; j++) {
          moved[j] = tested.outputs()[j].clone();
        }
        moved[i / width][i % width] += step;
        double above = tested.mean(moved);
        moved[i / width][i % width] -= 2 * step;
        double below = tested.mean(moved);
        double slope = (above - below) / (2 * step);
        assertThat((double) gradient[i]).as("output %d", i).isCloseTo(slope, within(2e-6));
      }
    }
  }

  /** -w(y) log p, by hand: p = 1 / (1 + e^-x). */
  @ParameterizedTest
  @CsvSource({
    "0,    0, 1,  1,  0,  0.6931471805599453",
    "2,    1, 1,  1,  0,  0.1269280110429726",
    "2,    0, 1,  1,  0,  2.1269280110429727",
    "2,    0, 3,  .5, 0,  6.380784033128918",
    "2,    1, 3,  .5, 0,  0.0634640055214863",
    "2,    1, 1,  1,  .1, 0.2269280110429726",
    "2,    0, 3,  .5, .1, 6.080784033128918",
  })
  void binaryCrossEntropyIsWeightedNegativeLogLikelihood(
      float logit, float label, double negative, double positive, double smoothing, double value) {
    BinaryCrossEntropy tested = new BinaryCrossEntropy(negative, positive, smoothing);
    assertThat(tested.sampleLoss(new float[] {logit}, new float[] {label}))
        .isCloseTo(value, within(1e-12));
    assertThat(tested.sampleWeight(new float[] {label})).isEqualTo(1);
  }

  /**
   * By the formula in the documentation of PyTorch's CrossEntropyLoss, logits (1, 2, 3): -log p =
   * 2.4076059644443806, 1.4076059644443804, 0.4076059644443804.
   */
  @ParameterizedTest
  @CsvSource({
    "2, 0,  0.4076059644443804",
    "0, 0,  1.2038029822221903",
    "0, .3, 1.144563578666628",
    "2, .3, 0.5872256662221611",
  })
  void softmaxCrossEntropyMatchesPyTorch(float label, double smoothing, double value) {
    SoftmaxCrossEntropy tested = new SoftmaxCrossEntropy(List.of(.5, 1.0, 1.0), smoothing);
    float[] target = {label};
    assertThat(tested.sampleLoss(new float[] {1, 2, 3}, target)).isCloseTo(value, within(1e-12));
    assertThat(tested.sampleWeight(target)).isEqualTo(label == 0 ? .5 : 1);
  }

  @Test
  void oneLogitEqualsTwoLogits() {
    BinaryCrossEntropy one = new BinaryCrossEntropy(1, 1, .2);
    SoftmaxCrossEntropy two = new SoftmaxCrossEntropy(List.of(1.0, 1.0), .2);
    for (float x : new float[] {-4, -.5f, 0, 1, 8}) {
      for (float label : new float[] {0, 1}) {
        float[] target = {label};
        assertThat(one.sampleLoss(new float[] {x}, target))
            .isCloseTo(two.sampleLoss(new float[] {0, x}, target), within(1e-12));
      }
    }
  }

  @Test
  void doesNotOverflow() {
    BinaryCrossEntropy binary = new BinaryCrossEntropy(1, 1, 0);
    SoftmaxCrossEntropy softmax = new SoftmaxCrossEntropy(List.of(1.0, 1.0), 0);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray labels = manager.create(new float[] {1, 0});
      NDArray logits = manager.create(new float[] {-1000, 1000}, new Shape(2, 1));
      assertThat(binary.loss(logits, labels).getFloat()).isEqualTo(1000f);
      NDArray pairs = manager.create(new float[] {1000, 0, 0, 1000}, new Shape(2, 2));
      assertThat(softmax.loss(pairs, labels).getFloat()).isEqualTo(1000f);
    }
    assertThat(binary.sampleLoss(new float[] {-1000}, new float[] {1})).isEqualTo(1000);
    assertThat(binary.sampleLoss(new float[] {1000}, new float[] {1})).isZero();
    assertThat(softmax.sampleLoss(new float[] {1000, 0}, new float[] {1})).isEqualTo(1000);
  }

  @Test
  void rejectsInvalidArguments() {
    assertThatThrownBy(() -> new BinaryCrossEntropy(0, 1, 0)).hasMessageContaining("0.0");
    assertThatThrownBy(() -> new SoftmaxCrossEntropy(List.of(1.0, Double.NaN), 0))
        .hasMessageContaining("NaN");
  }
}
