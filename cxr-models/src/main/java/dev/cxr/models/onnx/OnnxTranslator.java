package dev.cxr.models.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Translates functions of a batch of images to ONNX, by running them on a {@link TracedArray}. */
final class OnnxTranslator {

  /** The name of the input, (N, 1, side, side) float32 in [0, 1]. */
  static final String INPUT = "images";

  private OnnxTranslator() {}

  /**
   * Translates a function.
   *
   * @param function of a batch of images, which computes with operations of DJL only
   * @param side width and height of an image, in pixels
   * @param outputName the name of its result
   * @param metadata of the model
   * @return the model as a file, in a direct buffer
   * @throws UnsupportedOperationException if an operation has no ONNX form; its message names it
   */
  static ByteBuffer translate(
      UnaryOperator<NDArray> function, int side, String outputName, Map<String, String> metadata) {
    OnnxGraph graph = new OnnxGraph();
    Shape images = new Shape(-1, 1, side, side);
    NDArray result = function.apply(TracedArray.input(graph, images, INPUT));
    graph.addOutput(TracedArray.valueOf(graph, result), outputName, result.getShape());
    return toBytes(graph.toModel(metadata));
  }

  /**
   * {@return a model as a file, in a direct buffer: outside of the Java heap, because models are
   * large}
   */
  static ByteBuffer toBytes(ModelProto model) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(model.getSerializedSize());
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      model.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return bytes.flip();
  }
}
