package dev.cxr.models.onnx;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The least and greatest elements of values of a model, over images on which it is run. */
final class ActivationRanges implements AutoCloseable {

  private static final String MIN = "_min";
  private static final String MAX = "_max";

  private final OrtSession session;
  private final int side;
  private final Map<String, Range> ranges = new HashMap<>();

  /**
   * The range of a value; 0 is in it.
   *
   * @param min at most 0
   * @param max at least 0
   */
  record Range(float min, float max) {

    private Range including(Range other) {
      return new Range(Math.min(min, other.min), Math.max(max, other.max));
    }

    /** {@return the distance of two of 256 levels} */
    float scale() {
      return min == max ? 1 : (max - min) / 255;
    }

    /** {@return the level of 0} */
    byte zeroPoint() {
      return (byte) Math.round(-min / scale());
    }
  }

  /**
   * Prepares a model.
   *
   * @param values of the model
   */
  ActivationRanges(ModelProto model, Set<String> values, int side, int threads) {
    this.side = side;
    ModelProto.Builder observed = model.toBuilder();
    for (String value : values) {
      String rows = value + "_rows";
      add(observed, "Flatten", value, rows);
      for (String extreme : List.of(MIN, MAX)) {
        add(observed, extreme.equals(MIN) ? "ReduceMin" : "ReduceMax", rows, value + extreme);
        observed
            .getGraphBuilder()
            .addOutput(OnnxGraph.valueInfo(value + extreme, new Shape(-1, 1)));
      }
    }
    this.session = OnnxFunction.open(OnnxTranslator.toBytes(observed.build()), threads);
  }

  private static void add(ModelProto.Builder model, String operator, String input, String output) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addInput(input)
            .addOutput(output);
    if (!operator.equals("Flatten")) {
      node.addAttribute(OnnxGraph.attribute("axes", new long[] {1}));
    }
    model.getGraphBuilder().addNode(node);
  }

  /**
   * Runs the model.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   */
  void add(FloatBuffer images) {
    try (OnnxTensor input = OnnxFunction.tensor(images, side);
        OrtSession.Result result = session.run(Map.of(OnnxTranslator.INPUT, input))) {
      for (Map.Entry<String, OnnxValue> output : result) {
        String name = output.getKey();
        boolean isMin = name.endsWith(MIN);
        if (isMin || name.endsWith(MAX)) {
          float[][] rows = (float[][]) output.getValue().getValue();
          for (float[] row : rows) {
            ranges.merge(
                name.substring(0, name.length() - MIN.length()),
                new Range(Math.min(0, row[0]), Math.max(0, row[0])),
                Range::including);
          }
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return the range of a value so far} */
  Range of(String value) {
    Range range = ranges.get(value);
    if (range == null) {
      throw new IllegalStateException("no range of " + value);
    }
    return range;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
