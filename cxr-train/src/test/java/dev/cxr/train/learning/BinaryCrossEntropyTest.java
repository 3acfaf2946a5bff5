package dev.cxr.train.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;

class BinaryCrossEntropyTest {

  private static final float[] LOGITS = {-3, -0.5f, 0.25f, 2, 5, -4};
  private static final float[] LABELS = {0, 1, 0, 1, 0, 1};
  private static final double[] WEIGHTS = {2, 0.5};

  private static double byHand(int i) {
    double p = 1 / (1 + Math.exp(-LOGITS[i]));
    return LABELS[i] == 1 ? -WEIGHTS[1] * Math.log(p) : -WEIGHTS[0] * Math.log(1 - p);
  }

  @Test
  void isTheWeightedNegativeLogLikelihood() {
    BinaryCrossEntropy loss = new BinaryCrossEntropy(WEIGHTS[0], WEIGHTS[1]);
    double sum = 0;
    for (int i = 0; i < LOGITS.length; i++) {
      assertThat(loss.of(LOGITS[i], (int) LABELS[i])).isCloseTo(byHand(i), within(1e-12));
      sum += byHand(i);
    }
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(LOGITS, new Shape(6, 1));
      NDArray batch = loss.evaluate(new NDList(manager.create(LABELS)), new NDList(logits));
      assertThat((double) batch.getFloat()).isCloseTo(sum / LOGITS.length, within(1e-6));
    }
  }

  @Test
  void itsGradientIsProbabilityLessLabelTimesWeight() {
    BinaryCrossEntropy loss = new BinaryCrossEntropy(WEIGHTS[0], WEIGHTS[1]);
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray logits = manager.create(LOGITS, new Shape(6, 1));
      logits.setRequiresGradient(true);
      collector.backward(loss.evaluate(new NDList(manager.create(LABELS)), new NDList(logits)));
      float[] gradient = logits.getGradient().toFloatArray();
      for (int i = 0; i < LOGITS.length; i++) {
        double p = 1 / (1 + Math.exp(-LOGITS[i]));
        double expected = WEIGHTS[(int) LABELS[i]] * (p - LABELS[i]) / LOGITS.length;
        assertThat((double) gradient[i]).isCloseTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void noLogitOverflows() {
    BinaryCrossEntropy loss = new BinaryCrossEntropy(1, 1);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray logits = manager.create(new float[] {-1000, 1000}, new Shape(2, 1));
      NDArray labels = manager.create(new float[] {1, 0});
      assertThat(loss.evaluate(new NDList(labels), new NDList(logits)).getFloat()).isEqualTo(1000f);
    }
    assertThat(loss.of(-1000, 1)).isEqualTo(1000);
    assertThat(loss.of(1000, 1)).isZero();
  }
}
