package dev.cxr.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayersTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  private NDArray forward(Block layer, NDArray x, boolean training) {
    return layer
        .forward(new ParameterStore(manager, false), new NDList(x), training)
        .singletonOrThrow();
  }

  @Test
  void reluReplacesItsInputInTrainingOnly() {
    NDArray x = manager.create(new float[] {-1, 2});
    assertThat(forward(Layers.relu(), x, false).toFloatArray()).containsExactly(0, 2);
    assertThat(forward(Layers.reluOfShared(), x, true).toFloatArray()).containsExactly(0, 2);
    assertThat(x.toFloatArray()).containsExactly(-1, 2);
    assertThat(forward(Layers.relu(), x, true).toFloatArray()).containsExactly(0, 2);
    assertThat(x.toFloatArray()).containsExactly(0, 2);
  }

  @Test
  void dropoutKeepsTheMean() {
    NDArray x = manager.ones(new Shape(10, 10, 10, 100));
    NDArray y = forward(Layers.dropout(.3), x, true);
    assertThat(y.max().getFloat()).isEqualTo((float) (1 / .7));
    double dropped = y.eq(0).toType(DataType.FLOAT32, false).mean().getFloat();
    assertThat(dropped).isCloseTo(.3, within(.008)); // 5 standard deviations
    assertThat(forward(Layers.dropout(.3), x, true)).isNotEqualTo(y);
    assertThat(forward(Layers.dropout(.3), x, false)).isEqualTo(x);
  }

  @Test
  void batchNormEqualsDjls() {
    NDArray x = manager.randomNormal(new Shape(4, 3, 5, 5)).mul(3).add(1);
    List<NDArray> outputs = new ArrayList<>();
    for (Block norm :
        List.of(
            Layers.batchNorm(1e-3f),
            ai.djl.nn.norm.BatchNorm.builder().optEpsilon(1e-3f).build())) {
      norm.initialize(manager, DataType.FLOAT32, x.getShape());
      outputs.add(forward(norm, x, true));
      outputs.add(forward(norm, x, false));
      norm.getParameters().values().forEach(parameter -> outputs.add(parameter.getArray()));
    }
    int half = outputs.size() / 2;
    assertThat(outputs.subList(0, half)).isEqualTo(outputs.subList(half, 2 * half));
  }

  @Test
  void convolutionInBfloat16IsThatOfRoundedNumbersInTrainingOnly() {
    NDArray x = manager.randomNormal(new Shape(4, 16, 9, 9));
    Block layer = Layers.biasedConv(8, 3, 1);
    layer.initialize(manager, DataType.FLOAT32, x.getShape());
    List<NDArray> float32 = outputAndGradients(layer, x, true);
    ((MixedPrecisionConv2d) layer).setTrainingPrecision(TrainingPrecision.BFLOAT16);
    List<NDArray> bfloat16 = outputAndGradients(layer, x, true);
    for (int i = 0; i < float32.size(); i++) {
      NDArray expected = float32.get(i);
      NDArray found = bfloat16.get(i);
      assertThat(found.getDataType()).isEqualTo(DataType.FLOAT32);
      // bfloat16 has 8 bits: rounding changes a number by up to 1/256.
      double scale = expected.abs().max().getFloat();
      assertThat(found.sub(expected).abs().max().getFloat() / scale).isBetween(1e-5, .01);
    }
    assertThat(outputAndGradients(layer, x, false).get(0)).isEqualTo(float32.get(0));
  }

  /** The output for x and the gradients of half its squared norm. */
  private List<NDArray> outputAndGradients(Block layer, NDArray x, boolean training) {
    x.setRequiresGradient(true);
    List<NDArray> results = new ArrayList<>();
    try (GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray y = forward(layer, x, training);
      results.add(y.duplicate());
      if (training) {
        gradients.zeroGradients();
        gradients.backward(y.square().sum().div(2));
        results.add(x.getGradient().duplicate());
        for (Parameter parameter : layer.getParameters().values()) {
          results.add(parameter.getArray().getGradient().duplicate());
        }
      }
    }
    return results;
  }
}
