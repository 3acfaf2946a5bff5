package dev.cxr.benchmarks;

import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/**
 * binary-cnn for inference as a SameDiff graph, whose convolutions oneDNN computes.
 *
 * <p>In 1.0.0-M2.1 oneDNN does not compute the convolutions of DeepLearning4j's layers: their check
 * for oneDNN looks up a method that has been renamed.
 */
final class SameDiffNetwork {

  private static final double EPSILON = 1e-5;

  private final SameDiff graph = SameDiff.create();
  private final Map<String, INDArray> weights;

  SameDiffNetwork(Map<String, INDArray> weights, int stages, long side) {
    this.weights = weights;
    SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 1, side, side);
    Conv2DConfig conv =
        Conv2DConfig.builder()
            .kH(3)
            .kW(3)
            .sH(1)
            .sW(1)
            .paddingMode(PaddingMode.SAME)
            .dataFormat("NCHW")
            .weightsFormat(WeightsFormat.OIYX)
            .build();
    Pooling2DConfig pool = Pooling2DConfig.builder().kH(2).kW(2).sH(2).sW(2).isNHWC(false).build();
    for (int stage = 1; stage <= stages; stage++) {
      String name = "conv" + stage;
      x = graph.cnn().conv2d(x, constant(name + "_weight"), constant(name + "_bias"), conv);
      x = graph.cnn().maxPooling2d(norm(graph.nn().relu(x, 0), "bn" + stage), pool);
    }
    INDArray dense = weights.get("dense_weight");
    x = graph.reshape(x, -1, dense.size(1));
    x = norm(graph.nn().relu(linear(x, "dense"), 0), "bn");
    graph.nn().sigmoid("probabilities", linear(x, "logits"));
  }

  /** Probabilities (N, 1) for images (N, 1, side, side) in [0, 1]. */
  INDArray output(INDArray images) {
    return graph.outputSingle(Map.of("x", images), "probabilities");
  }

  private SDVariable norm(SDVariable x, String name) {
    return graph
        .nn()
        .batchNorm(
            x,
            constant(name + "_runningMean"),
            constant(name + "_runningVar"),
            constant(name + "_gamma"),
            constant(name + "_beta"),
            EPSILON,
            1);
  }

  private SDVariable linear(SDVariable x, String name) {
    INDArray transposed = weights.get(name + "_weight").transpose().dup('c');
    return graph
        .nn()
        .linear(x, graph.constant(name + "_weight", transposed), constant(name + "_bias"));
  }

  private SDVariable constant(String name) {
    return graph.constant(name, weights.get(name));
  }
}
