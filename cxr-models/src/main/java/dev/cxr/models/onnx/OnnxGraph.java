package dev.cxr.models.onnx;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An ONNX graph in the making. The same operation on the same values is added once, so that parts
 * that several functions of an input have in common are computed once.
 */
final class OnnxGraph {

  /** Of 2022; every ONNX Runtime since 1.12 reads it. */
  private static final int OPERATOR_SET = 17;

  private static final int IR_VERSION = 8;

  /** The name of the size of a batch, which the graph leaves open. */
  private static final String BATCH = "N";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<Object, String> values = new HashMap<>();
  private final Map<String, String> parameters = new HashMap<>();

  /** Adds an input of float32 with this name and shape; a size of -1 is that of the batch. */
  void addInput(String name, Shape shape) {
    addInput(valueInfo(name, shape));
  }

  void addInput(ValueInfoProto input) {
    graph.addInput(input);
  }

  /** Gives a value a name and makes it an output. */
  void addOutput(String value, String name, Shape shape) {
    addOutput(value, valueInfo(name, shape));
  }

  void addOutput(String value, ValueInfoProto output) {
    graph.addNode(
        NodeProto.newBuilder().setOpType("Identity").addInput(value).addOutput(output.getName()));
    graph.addOutput(output);
  }

  /** {@return a description of a float32 value; a size of -1 is that of the batch} */
  static ValueInfoProto valueInfo(String name, Shape shape) {
    TensorShapeProto.Builder sizes = TensorShapeProto.newBuilder();
    for (long size : shape.getShape()) {
      TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
      sizes.addDim(size < 0 ? dimension.setDimParam(BATCH) : dimension.setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder().setElemType(FLOAT.getNumber()).setShape(sizes)))
        .build();
  }

  /** {@return the value of float32 constants} */
  String constant(float[] elements, Shape shape) {
    return constant(tensor(elements, shape.getShape()));
  }

  /** {@return a tensor of float32 without a name} */
  static TensorProto.Builder tensor(float[] elements, long... sizes) {
    ByteBuffer bytes = littleEndian(elements.length * Float.BYTES);
    bytes.asFloatBuffer().put(elements);
    return tensor(FLOAT, bytes, sizes);
  }

  /** {@return the elements of a tensor of float32, which has one of two forms} */
  static float[] elements(TensorProto tensor) {
    ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer raw = bytes.asFloatBuffer();
    float[] elements = new float[raw.remaining() + tensor.getFloatDataCount()];
    raw.get(elements, 0, raw.remaining());
    for (int i = 0; i < tensor.getFloatDataCount(); i++) {
      elements[i] = tensor.getFloatData(i);
    }
    return elements;
  }

  /** {@return the value of a vector of int64 constants} */
  String constant(long... elements) {
    ByteBuffer bytes = littleEndian(elements.length * Long.BYTES);
    bytes.asLongBuffer().put(elements);
    return constant(INT64, bytes, elements.length);
  }

  /** {@return the value of a parameter, which must neither change nor be freed} */
  String parameter(NDArray array) {
    return parameters.computeIfAbsent(
        array.getUid(),
        uid -> addInitializer(tensor(FLOAT, array.toByteBuffer(), array.getShape().getShape())));
  }

  static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@return the value of constants, given as little-endian bytes} */
  String constant(TensorProto.DataType type, ByteBuffer bytes, long... sizes) {
    return constant(tensor(type, bytes, sizes));
  }

  /** {@return the value of a tensor without a name} */
  String constant(TensorProto.Builder tensor) {
    return values.computeIfAbsent(tensor.build(), key -> addInitializer(tensor));
  }

  private static TensorProto.Builder tensor(
      TensorProto.DataType type, ByteBuffer bytes, long... sizes) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes));
    for (long size : sizes) {
      tensor.addDims(size);
    }
    return tensor;
  }

  private String addInitializer(TensorProto.Builder tensor) {
    String name = "constant" + graph.getInitializerCount();
    graph.addInitializer(tensor.setName(name));
    return name;
  }

  /** {@return the value of an operation with one output} */
  String add(String operator, List<String> inputs, AttributeProto... attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .addAllInput(inputs)
            .addAllAttribute(List.of(attributes));
    return values.computeIfAbsent(
        node.build(),
        key -> {
          String name = operator + graph.getNodeCount();
          graph.addNode(node.setName(name).addOutput(name));
          return name;
        });
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long[] values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  /** {@return the model with this graph} */
  ModelProto toModel(Map<String, String> metadata) {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName("cxr")
            .setGraph(graph.setName("model"));
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build();
  }
}
