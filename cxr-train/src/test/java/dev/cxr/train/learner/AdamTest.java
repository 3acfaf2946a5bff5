package dev.cxr.train.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withPrecision;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {

  private static final double NONE = Double.POSITIVE_INFINITY;
  private static final int STEPS = 50;

  private final Random random = new Random(11);
  private NDManager manager;
  private ParameterList parameters;

  @BeforeEach
  void createParameters() {
    manager = NDManager.newBaseManager();
    parameters = new ParameterList();
    add("layer_weight", Parameter.Type.WEIGHT, new Shape(4, 5));
    add("layer_bias", Parameter.Type.BIAS, new Shape(4));
    add("norm_runningMean", Parameter.Type.RUNNING_MEAN, new Shape(4));
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  private void add(String name, Parameter.Type type, Shape shape) {
    NDArray values = manager.create(randomValues((int) shape.size()), shape);
    boolean learned = type != Parameter.Type.RUNNING_MEAN;
    values.setRequiresGradient(learned);
    parameters.add(
        name,
        Parameter.builder()
            .setName(name)
            .setType(type)
            .optArray(values)
            .optRequiresGrad(learned)
            .build());
  }

  private float[] randomValues(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Adam adam(double epsilon, double weightDecay, double clipNorm) {
    return new Adam(
        parameters, manager, new Adam.Settings(.9f, .999f, (float) epsilon, weightDecay, clipNorm));
  }

  private float[] values(int parameter) {
    return parameters.valueAt(parameter).getArray().toFloatArray();
  }

  /** Has the engine find these gradients, of the first parameters. */
  private void backward(float[]... gradients) {
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray sum = scope.create(0f);
      for (int i = 0; i < gradients.length; i++) {
        NDArray weight = parameters.valueAt(i).getArray();
        sum = sum.add(scope.create(gradients[i], weight.getShape()).mul(weight).sum());
      }
      collector.backward(sum);
    }
  }

  /**
   * The formula in double precision: epsilon where Keras and DJL have it, and where PyTorch has it.
   * With gradients so far above it the two are the same.
   */
  @ParameterizedTest
  @CsvSource({
    "1e-2, 1e-8, 0,   Infinity, false",
    "1e-2, 1e-8, 0,   Infinity, true",
    "1e-2, 1e-2, 0,   Infinity, false",
    "1e-2, 1e-8, .1,  Infinity, false",
    "1e-2, 1e-8, 0,   1.5,      false",
    "3e-3, 1e-7, .05, 3,        false",
    "3e-3, 1e-8, .05, 3,        true",
  })
  void followsFormula(
      double rate, double epsilon, double decay, double clipNorm, boolean asInPyTorch) {
    float[][] start = {values(0), values(1)};
    double[][] w = {doubles(start[0]), doubles(start[1])};
    double[][] m = {new double[20], new double[4]};
    double[][] v = {new double[20], new double[4]};
    try (Adam adam = adam(epsilon, decay, clipNorm)) {
      for (int t = 1; t <= STEPS; t++) {
        float[][] gradients = {randomValues(20), randomValues(4)};
        backward(gradients);
        double norm = adam.step(name -> rate);
        double expectedNorm = Math.sqrt(squares(gradients[0]) + squares(gradients[1]));
        assertThat(norm).isCloseTo(expectedNorm, within(1e-6 * expectedNorm));
        double shrink = Math.min(1, clipNorm / expectedNorm);
        double c1 = 1 - Math.pow(.9f, t);
        double c2 = 1 - Math.pow(.999f, t);
        for (int p = 0; p < 2; p++) {
          for (int i = 0; i < w[p].length; i++) {
            double g = gradients[p][i] * shrink;
            w[p][i] -= p == 0 ? rate * decay * w[p][i] : 0; // a bias does not decay
            m[p][i] = .9f * m[p][i] + (1 - .9f) * g;
            v[p][i] = .999f * v[p][i] + (1 - .999f) * g * g;
            w[p][i] -=
                asInPyTorch
                    ? rate * (m[p][i] / c1) / (Math.sqrt(v[p][i] / c2) + epsilon)
                    : rate * Math.sqrt(c2) / c1 * m[p][i] / (Math.sqrt(v[p][i]) + epsilon);
          }
        }
      }
    }
    for (int p = 0; p < 2; p++) {
      float[] found = values(p);
      for (int i = 0; i < found.length; i++) {
        double scale = Math.max(Math.abs(w[p][i]), Math.abs(start[p][i]));
        assertThat((double) found[i]).isCloseTo(w[p][i], within(3e-6 * scale));
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double squares(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  @Test
  void agreesWithDjlAdam() {
    NDArray[] theirs = new NDArray[2];
    for (int p = 0; p < 2; p++) {
      theirs[p] = parameters.valueAt(p).getArray().duplicate();
      theirs[p].setRequiresGradient(true);
    }
    Optimizer djl = Optimizer.adam().optLearningRateTracker(Tracker.fixed(5e-4f)).build();
    try (Adam adam = adam(1e-8, 0, NONE)) {
      for (int t = 0; t < STEPS; t++) {
        float[][] gradients = {randomValues(20), randomValues(4)};
        backward(gradients);
        adam.step(name -> 5e-4);
        for (int p = 0; p < 2; p++) {
          djl.update("p" + p, theirs[p], manager.create(gradients[p], theirs[p].getShape()));
          assertThat(values(p)).containsExactly(theirs[p].toFloatArray(), withPrecision(1e-6f));
        }
      }
    }
  }

  @Test
  void clearsGradients() {
    float[] first = values(0);
    try (Adam adam = adam(1e-8, 0, NONE)) {
      for (int t = 0; t < 3; t++) {
        backward(new float[20], new float[] {1, 1, 1, 1});
        assertThat(adam.step(name -> .1)).isEqualTo(2);
      }
    }
    assertThat(values(0)).isEqualTo(first);
  }

  @Test
  void usesRateOfParameter() {
    float[] matrix = values(0);
    float[] bias = values(1);
    float[] ones = new float[20];
    Arrays.fill(ones, 1);
    try (Adam adam = adam(1e-8, 0, NONE)) {
      backward(ones, new float[] {1, 1, 1, 1});
      adam.step(name -> name.equals("layer_bias") ? .5 : .25);
    }
    assertThat(values(0)[3]).isCloseTo(matrix[3] - .25f, within(1e-6f));
    assertThat(values(1)[3]).isCloseTo(bias[3] - .5f, within(1e-6f));
  }

  @Test
  void unfrozenParameterStartsAtFirstStep() {
    float[] matrix = values(0);
    float[] bias = values(1);
    Parameter frozen = parameters.valueAt(1);
    try (Adam adam = adam(1e-8, .1, NONE)) {
      frozen.freeze(true);
      for (int t = 0; t < 20; t++) {
        backward(randomValues(20));
        adam.step(name -> .1);
      }
      assertThat(values(0)).isNotEqualTo(matrix);
      assertThat(values(1)).isEqualTo(bias);
      frozen.freeze(false);
      backward(randomValues(20), new float[] {3, -3, 3, -3});
      adam.step(name -> .1);
    }
    // The first step of Adam is the rate itself, whatever the gradient.
    assertThat(values(1)[0]).isCloseTo(bias[0] - .1f, within(1e-5f));
    assertThat(values(1)[1]).isCloseTo(bias[1] + .1f, within(1e-5f));
  }

  @Test
  void discardsNonFiniteGradient() {
    float[] matrix = values(0);
    float[] bias = values(1);
    float[] bad = new float[20];
    bad[7] = Float.NaN;
    try (Adam adam = adam(1e-8, .1, 1)) {
      backward(bad, new float[] {1, 1, 1, 1});
      assertThat(adam.step(name -> .1)).isNaN();
      assertThat(values(0)).isEqualTo(matrix);
      assertThat(values(1)).isEqualTo(bias);
      backward(new float[20], new float[] {1, 1, 1, 1});
      assertThat(adam.step(name -> .1)).isEqualTo(2);
    }
    assertThat(values(1)[0]).isCloseTo(bias[0] - .1f, within(1e-5f));
  }

  @Test
  void ignoresRunningStatistics() {
    float[] running = values(2);
    try (Adam adam = adam(1e-8, .1, NONE)) {
      backward(randomValues(20), randomValues(4));
      adam.step(name -> .1);
    }
    assertThat(values(2)).isEqualTo(running);
  }
}
