package dev.cxr.models.onnx;

import ai.djl.ndarray.NDArray;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Quantizes a function of a batch of images to int8 after training (static quantization, Jacob et
 * al. 2018): weights symmetrically for each channel, activations by their range on training images.
 *
 * <p>The result is an ONNX model in the form QuantizeLinear, operation, DequantizeLinear, from
 * which ONNX Runtime makes integer operations. Dense layers stay float32: on a CPU their int8 form
 * was not faster.
 */
public final class Int8Quantizer implements AutoCloseable {

  private final ModelProto model;
  private final ActivationRanges ranges;

  /**
   * Prepares a function.
   *
   * @param function from images (N, 1, side, side) float32 in [0, 1] to (N, values), in operations
   *     of DJL
   * @param side width and height of an image, in pixels
   * @param threads how many compute
   * @throws UnsupportedOperationException if an operation has no ONNX form; its message names it
   * @throws IOException if the temporary directory cannot be written
   */
  public Int8Quantizer(UnaryOperator<NDArray> function, int side, int threads) throws IOException {
    this.model =
        BatchNormScaling.moveBeforeRelu(
            folded(OnnxTranslator.translate(function, side, OnnxFunction.OUTPUT, Map.of())));
    this.ranges = new ActivationRanges(model, values(model.getGraph()), side, threads);
  }

  /**
   * ONNX Runtime folds BatchNorm into the convolution before it, and writes the result as a file.
   */
  private static ModelProto folded(ByteBuffer model) throws IOException {
    Path folder = Files.createTempDirectory("cxr");
    Path file = folder.resolve("folded.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(file.toString());
      OnnxFunction.open(model, options).close();
      return ModelProto.parseFrom(Files.readAllBytes(file));
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static Set<String> values(GraphProto graph) {
    Set<String> values = new LinkedHashSet<>();
    graph.getInputList().forEach(input -> values.add(input.getName()));
    for (NodeProto node : graph.getNodeList()) {
      values.addAll(node.getOutputList());
    }
    return values;
  }

  /**
   * Extends the ranges of activations.
   *
   * @param images (N, 1, side, side) float32 in [0, 1], in a direct buffer
   */
  public void add(FloatBuffer images) {
    ranges.add(images);
  }

  /** {@return the quantized model as a file, in a direct buffer} */
  public ByteBuffer quantize() {
    return OnnxTranslator.toBytes(Int8Graph.quantize(model.getGraph(), ranges));
  }

  /** Frees the model. */
  @Override
  public void close() {
    ranges.close();
  }
}
