package dev.cxr.models.onnx;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT32;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT8;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.UINT8;
import static dev.cxr.models.onnx.OnnxGraph.attribute;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the quantized form of a graph: node by node into a new one.
 *
 * <p>Each value has a float32 form, a quantized form, or both. A convolution takes and returns
 * quantized values; ReLU and ReLU6 after it become the end of the range of its output, beyond which
 * integers saturate. BatchNorm of quantized values, which no convolution could absorb, becomes a
 * depthwise convolution of 1 x 1.
 */
final class Int8Graph {

  /** Keep the quantized form of values that have one. */
  private static final Set<String> KEEP_QUANTIZED =
      Set.of("MaxPool", "AveragePool", "Concat", "Add");

  private static final int MAX_WEIGHT = 127;

  /** Of a bias in its own levels, so that sums fit in 32 bits. */
  private static final double MAX_BIAS = 1 << 30;

  /** Of a channel whose weights and bias are 0. */
  private static final float ANY_SCALE = 1;

  private final OnnxGraph quantized = new OnnxGraph();
  private final ActivationRanges ranges;
  private final Map<String, TensorProto> constants = new HashMap<>();
  private final Map<String, List<NodeProto>> consumers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();

  /** By value of the float32 graph. */
  private final Map<String, String> floatForms = new HashMap<>();

  private final Map<String, Quantized> quantizedForms = new HashMap<>();

  /**
   * A value of levels.
   *
   * @param levels their value
   * @param scale the value of their distance
   * @param zeroPoint the value of the level of 0
   * @param distance what {@code scale} holds
   */
  private record Quantized(String levels, String scale, String zeroPoint, float distance) {

    List<String> inputs() {
      return List.of(levels, scale, zeroPoint);
    }
  }

  private Int8Graph(GraphProto graph, ActivationRanges ranges) {
    this.ranges = ranges;
    graph.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
    for (NodeProto node : graph.getNodeList()) {
      for (String input : node.getInputList()) {
        consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(node);
      }
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      outputs.add(output.getName());
    }
    for (ValueInfoProto input : graph.getInputList()) {
      quantized.addInput(input);
      floatForms.put(input.getName(), input.getName());
    }
    graph.getNodeList().forEach(this::add);
    for (ValueInfoProto output : graph.getOutputList()) {
      quantized.addOutput(floatForm(output.getName()), output);
    }
  }

  /**
   * Quantizes a graph.
   *
   * @param graph of operations with one output each
   * @param ranges of all its values
   */
  static ModelProto quantize(GraphProto graph, ActivationRanges ranges) {
    return new Int8Graph(graph, ranges).quantized.toModel(Map.of());
  }

  private void add(NodeProto node) {
    String output = node.getOutput(0);
    if (floatForms.containsKey(output) || quantizedForms.containsKey(output)) {
      return; // an activation that the operation before it has absorbed
    }
    AttributeProto[] attributes = node.getAttributeList().toArray(AttributeProto[]::new);
    switch (node.getOpType()) {
      case "Conv" -> {
        if (hasConstants(node)) {
          addConv(node, attributes);
          return;
        }
      }
      case "BatchNormalization" -> {
        if (quantizedForms.containsKey(node.getInput(0)) && hasConstants(node)) {
          addBatchNorm(node);
          return;
        }
      }
      default -> {
        if (KEEP_QUANTIZED.contains(node.getOpType())
            && quantizedForms.keySet().containsAll(node.getInputList())) {
          quantizeOutput(
              node,
              quantized.add(
                  node.getOpType(),
                  node.getInputList().stream().map(this::dequantized).toList(),
                  attributes));
          return;
        }
      }
    }
    List<String> inputs = node.getInputList().stream().map(this::floatForm).toList();
    floatForms.put(output, quantized.add(node.getOpType(), inputs, attributes));
  }

  private boolean hasConstants(NodeProto node) {
    return node.getInputList().stream().skip(1).allMatch(constants::containsKey);
  }

  private void addConv(NodeProto node, AttributeProto... attributes) {
    TensorProto weight = constant(node, 1);
    float[] bias =
        node.getInputCount() > 2
            ? OnnxGraph.elements(constant(node, 2))
            : new float[Math.toIntExact(weight.getDims(0))];
    addConv(node, OnnxGraph.elements(weight), sizes(weight), bias, attributes);
  }

  private void addBatchNorm(NodeProto node) {
    BatchNormFactors batchNorm = new BatchNormFactors(node, constants);
    float[] weight = batchNorm.factors();
    addConv(
        node,
        weight,
        new long[] {weight.length, 1, 1, 1},
        batchNorm.summands(),
        attribute("kernel_shape", new long[] {1, 1}),
        attribute("group", weight.length));
  }

  private void addConv(
      NodeProto node, float[] weight, long[] sizes, float[] bias, AttributeProto... attributes) {
    Quantized input = quantizedForm(node.getInput(0));
    int channels = bias.length;
    int perChannel = weight.length / channels;
    float[] weightScales = new float[channels];
    float[] biasScales = new float[channels];
    ByteBuffer weightLevels = ByteBuffer.allocate(weight.length);
    ByteBuffer biasLevels = OnnxGraph.littleEndian(channels * Integer.BYTES);
    for (int channel = 0; channel < channels; channel++) {
      double scale = Math.abs(bias[channel]) / (input.distance() * MAX_BIAS);
      for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
        scale = Math.max(scale, Math.abs(weight[i]) / MAX_WEIGHT);
      }
      weightScales[channel] = scale == 0 ? ANY_SCALE : (float) scale;
      biasScales[channel] = weightScales[channel] * input.distance();
      for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
        weightLevels.put((byte) Math.round(weight[i] / weightScales[channel]));
      }
      biasLevels.putInt((int) Math.round((double) bias[channel] / biasScales[channel]));
    }
    quantizeOutput(
        node,
        quantized.add(
            "Conv",
            List.of(
                quantized.add("DequantizeLinear", input.inputs()),
                dequantized(INT8, weightLevels.flip(), sizes, weightScales),
                dequantized(INT32, biasLevels.flip(), new long[] {channels}, biasScales)),
            attributes));
  }

  private String dequantized(
      TensorProto.DataType type, ByteBuffer levels, long[] sizes, float[] scales) {
    int bytesPerElement = levels.remaining() / Math.toIntExact(new Shape(sizes).size());
    ByteBuffer zeros = ByteBuffer.allocate(bytesPerElement * scales.length);
    return quantized.add(
        "DequantizeLinear",
        List.of(
            quantized.constant(type, levels, sizes),
            quantized.constant(scales, new Shape(scales.length)),
            quantized.constant(type, zeros, scales.length)),
        attribute("axis", 0));
  }

  /** Quantizes the output of an operation, or that of the activation after it. */
  private void quantizeOutput(NodeProto node, String result) {
    String output = activation(node).orElse(node).getOutput(0);
    boolean keepsLevels = node.getOpType().equals("MaxPool") && output.equals(node.getOutput(0));
    quantizedForms.put(
        output,
        keepsLevels
            ? quantize(result, quantizedForm(node.getInput(0)))
            : quantize(result, ranges.of(output)));
  }

  /** The ReLU or ReLU6 that alone uses the output of an operation. */
  private Optional<NodeProto> activation(NodeProto node) {
    String output = node.getOutput(0);
    List<NodeProto> next = consumers.getOrDefault(output, List.of());
    return next.size() == 1 && !outputs.contains(output) && isActivation(next.get(0))
        ? Optional.of(next.get(0))
        : Optional.empty();
  }

  private boolean isActivation(NodeProto node) {
    return switch (node.getOpType()) {
      case "Relu" -> true;
      case "Clip" -> hasConstants(node) && node.getInputCount() == 3 && containsZero(node);
      default -> false;
    };
  }

  private boolean containsZero(NodeProto clip) {
    return OnnxGraph.elements(constant(clip, 1))[0] <= 0
        && OnnxGraph.elements(constant(clip, 2))[0] >= 0;
  }

  private Quantized quantizedForm(String value) {
    return quantizedForms.computeIfAbsent(
        value, key -> quantize(floatForm(value), ranges.of(value)));
  }

  private Quantized quantize(String value, ActivationRanges.Range range) {
    ByteBuffer zeroPoint = ByteBuffer.allocate(1).put(range.zeroPoint()).flip();
    return quantize(
        value,
        new Quantized(
            "",
            quantized.constant(new float[] {range.scale()}, new Shape()),
            quantized.constant(UINT8, zeroPoint),
            range.scale()));
  }

  private Quantized quantize(String value, Quantized like) {
    return new Quantized(
        quantized.add("QuantizeLinear", List.of(value, like.scale(), like.zeroPoint())),
        like.scale(),
        like.zeroPoint(),
        like.distance());
  }

  private String dequantized(String value) {
    return quantized.add("DequantizeLinear", quantizedForm(value).inputs());
  }

  private String floatForm(String value) {
    if (value.isEmpty() || floatForms.containsKey(value)) {
      return floatForms.getOrDefault(value, "");
    }
    TensorProto constant = constants.get(value);
    return constant == null
        ? dequantized(value)
        : quantized.constant(constant.toBuilder().clearName());
  }

  private TensorProto constant(NodeProto node, int input) {
    TensorProto constant = constants.get(node.getInput(input));
    if (constant == null) {
      throw new IllegalStateException("no constant " + node.getInput(input));
    }
    return constant;
  }

  private static long[] sizes(TensorProto tensor) {
    return tensor.getDimsList().stream().mapToLong(size -> size).toArray();
  }
}
