package dev.cxr.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Map;
import java.util.Objects;

/** A BatchNorm in inference as a factor and a summand for each channel. */
final class BatchNormFactors {

  private final float[] factors;
  private final float[] summands;

  /**
   * Reads a node.
   *
   * @param constants the parameters of the node, by name
   */
  BatchNormFactors(NodeProto batchNorm, Map<String, TensorProto> constants) {
    float[] gamma = parameter(batchNorm, 1, constants);
    float[] beta = parameter(batchNorm, 2, constants);
    float[] mean = parameter(batchNorm, 3, constants);
    float[] variance = parameter(batchNorm, 4, constants);
    float epsilon = epsilon(batchNorm);
    factors = new float[gamma.length];
    summands = new float[gamma.length];
    for (int channel = 0; channel < gamma.length; channel++) {
      double factor = gamma[channel] / Math.sqrt((double) variance[channel] + epsilon);
      factors[channel] = (float) factor;
      summands[channel] = (float) (beta[channel] - mean[channel] * factor);
    }
  }

  private static float[] parameter(NodeProto node, int input, Map<String, TensorProto> constants) {
    return OnnxGraph.elements(Objects.requireNonNull(constants.get(node.getInput(input))));
  }

  static float epsilon(NodeProto batchNorm) {
    return batchNorm.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals("epsilon"))
        .map(AttributeProto::getF)
        .findFirst()
        .orElse(1e-5f);
  }

  float[] factors() {
    return factors.clone();
  }

  float[] summands() {
    return summands.clone();
  }
}
