package dev.cxr.models.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Moves the factors of a BatchNorm after a ReLU into the convolution before it: a ReLU(x) = sign(a)
 * ReLU(|a| x). The values between both then have one scale for all channels, as one range for all
 * of them needs (cross-layer equalization, Nagel et al. 2019).
 */
final class BatchNormScaling {

  private final ModelProto.Builder model;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, NodeProto> byOutput = new HashMap<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  private BatchNormScaling(ModelProto model) {
    this.model = model.toBuilder();
    GraphProto graph = model.getGraph();
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    for (NodeProto node : graph.getNodeList()) {
      positions.put(node.getOutput(0), byOutput.size());
      byOutput.put(node.getOutput(0), node);
      node.getInputList().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
  }

  /** {@return a model of the same values} */
  static ModelProto moveBeforeRelu(ModelProto model) {
    BatchNormScaling scaling = new BatchNormScaling(model);
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOpType().equals("BatchNormalization")) {
        scaling
            .producer(node, "Relu")
            .flatMap(relu -> scaling.producer(relu, "Conv"))
            .filter(conv -> scaling.constants.keySet().containsAll(parameters(conv)))
            .ifPresent(conv -> scaling.scale(conv, node));
      }
    }
    return scaling.model.build();
  }

  /** The operation of this type that computes the input of a node, and nothing else's. */
  private Optional<NodeProto> producer(NodeProto node, String operator) {
    String input = node.getInput(0);
    return Optional.ofNullable(byOutput.get(input))
        .filter(producer -> producer.getOpType().equals(operator))
        .filter(producer -> uses.getOrDefault(input, 0) == 1);
  }

  private static List<String> parameters(NodeProto node) {
    return node.getInputList().subList(1, node.getInputCount());
  }

  private void scale(NodeProto conv, NodeProto batchNorm) {
    BatchNormFactors factors = new BatchNormFactors(batchNorm, constants);
    float[] scales = factors.factors();
    float[] signs = new float[scales.length];
    for (int channel = 0; channel < scales.length; channel++) {
      signs[channel] = Math.signum(scales[channel]);
      scales[channel] = Math.abs(scales[channel]);
    }
    for (int input = 1; input < conv.getInputCount(); input++) {
      TensorProto parameter = Objects.requireNonNull(constants.get(conv.getInput(input)));
      replace(conv, input, scaled(parameter, scales));
    }
    float[] variances = new float[signs.length];
    Arrays.fill(variances, 1 - BatchNormFactors.epsilon(batchNorm));
    float[] means = new float[signs.length];
    List<float[]> parameters = List.of(signs, factors.summands(), means, variances);
    for (int input = 0; input < parameters.size(); input++) {
      float[] values = parameters.get(input);
      replace(batchNorm, input + 1, OnnxGraph.tensor(values, values.length));
    }
  }

  private static TensorProto.Builder scaled(TensorProto parameter, float[] scales) {
    float[] values = OnnxGraph.elements(parameter);
    int perChannel = values.length / scales.length;
    for (int i = 0; i < values.length; i++) {
      values[i] *= scales[i / perChannel];
    }
    return OnnxGraph.tensor(
        values, parameter.getDimsList().stream().mapToLong(size -> size).toArray());
  }

  private void replace(NodeProto node, int input, TensorProto.Builder parameter) {
    String name = "%s_%d_scaled".formatted(node.getOutput(0), input);
    model.getGraphBuilder().addInitializer(parameter.setName(name));
    model
        .getGraphBuilder()
        .getNodeBuilder(positions.getOrDefault(node.getOutput(0), -1))
        .setInput(input, name);
  }
}
