package dev.cxr.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures ONNX Runtime with its default options, without cxr, on the graph that cxr exports. */
@Command(
    name = "onnx",
    description = "Run the ONNX file that `weights` wrote again and again; prints JSON.")
final class OnnxCommand implements Callable<Integer> {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Folder that `weights` wrote.")
  private Path model = Path.of("");

  @Mixin private Measurement measurement = new Measurement();

  @Override
  public Integer call() throws IOException, OrtException {
    NpzFile batch = new NpzFile(model.resolve(WeightsCommand.BATCH));
    NpzFile.Array x = batch.array("x");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session =
        environment.createSession(model.resolve(WeightsCommand.ONNX).toString())) {
      System.out.println(
          measurement.run(
              batch.array("probabilities").rows(),
              size -> {
                OnnxTensor images = tensor(environment, x, size);
                return () -> predict(session, images);
              }));
    }
    return 0;
  }

  private static OnnxTensor tensor(OrtEnvironment environment, NpzFile.Array x, int size) {
    long[] shape = x.shape().clone();
    int length = (int) (x.values().length / shape[0] * size);
    shape[0] = size;
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(length * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    buffer.put(x.values(), 0, length).flip();
    try {
      return OnnxTensor.createTensor(environment, buffer, shape);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double[][] predict(OrtSession session, OnnxTensor images) {
    try (OrtSession.Result result = session.run(Map.of("images", images))) {
      float[][] rows = (float[][]) result.get(0).getValue();
      double[][] probabilities = new double[rows.length][rows[0].length];
      for (int row = 0; row < rows.length; row++) {
        for (int c = 0; c < rows[row].length; c++) {
          probabilities[row][c] = rows[row][c];
        }
      }
      return probabilities;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
