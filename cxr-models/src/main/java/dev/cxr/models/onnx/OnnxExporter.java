package dev.cxr.models.onnx;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.gson.Gson;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.ImageBatch;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes the model of a bundle as an ONNX file.
 *
 * <p>The graph contains everything between an image and the probabilities: normalization, networks,
 * flip averaging, ensemble or cascade, temperature. Its input {@code images} is (N, 1, side, side)
 * float32 in [0, 1], its output {@code probabilities} (N, classes) float32. Metadata hold the rest
 * of what a program needs: class names, operating threshold, resize rule.
 *
 * @since 0.3
 */
public final class OnnxExporter {

  /** How far a probability of ONNX Runtime may be from that of PyTorch. */
  private static final double TOLERANCE = 1e-5;

  /** Synthetic images on which the file is checked. */
  private static final int CHECKED_IMAGES = 8;

  private static final String OUTPUT = "probabilities";

  private OnnxExporter() {}

  /**
   * Writes an ONNX file, after a comparison of its predictions in ONNX Runtime with PyTorch's.
   *
   * @param bundle to export
   * @param block the block of the bundle, with its parameters
   * @param manager of the parameters
   * @param file written aside and renamed; replaces an existing one
   * @return the largest difference of a probability that was found
   * @throws UserErrorException if the model has no ONNX form, or predicts otherwise in ONNX Runtime
   * @throws IOException if the file cannot be written
   */
  public static double export(Bundle bundle, PredictionBlock block, NDManager manager, Path file)
      throws IOException {
    Manifest manifest = bundle.manifest();
    int side = manifest.input().side();
    ParameterStore parameters = new ParameterStore(manager, false);
    UnaryOperator<NDArray> probabilities =
        images -> {
          NDList logits = block.forward(parameters, new NDList(images), false);
          return PredictionBlock.probabilities(
              logits.singletonOrThrow().div(manifest.temperature()));
        };
    ByteBuffer model = translate(probabilities, bundle);
    double difference = largestDifference(probabilities, model, manager, side);
    if (!(difference <= TOLERANCE)) { // rejects NaN too
      throw UserErrorException.of(
          "probabilities within %.0e of PyTorch's in ONNX Runtime".formatted(TOLERANCE),
          "a difference of %.1e".formatted(difference),
          "Use the bundle with PyTorch.");
    }
    AtomicFile.write(file, path -> write(path, model));
    return difference;
  }

  private static ByteBuffer translate(UnaryOperator<NDArray> probabilities, Bundle bundle) {
    Manifest manifest = bundle.manifest();
    try {
      return OnnxTranslator.translate(
          probabilities, manifest.input().side(), OUTPUT, metadata(bundle));
    } catch (UnsupportedOperationException e) {
      throw UserErrorException.of(
          "a model of operations that have an ONNX form",
          "'%s' in %s".formatted(e.getMessage(), manifest.architecture()),
          manifest.knnIndex() == null
              ? "Use the bundle with PyTorch."
              : "Export the bundle from which its index of nearest neighbours was made.");
    }
  }

  private static void write(Path file, ByteBuffer content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
    }
  }

  private static Map<String, String> metadata(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("name", manifest.name());
    metadata.put("bundle_id", bundle.id());
    metadata.put("task", manifest.task().toString());
    metadata.put("architecture", manifest.architecture());
    metadata.put("classes", new Gson().toJson(manifest.classes()));
    metadata.put("positive_class", manifest.positiveClass());
    metadata.put("threshold", String.valueOf(manifest.threshold().value()));
    metadata.put("resize", manifest.resize());
    metadata.put("cxr_version", manifest.versions().cxr());
    metadata.put(
        "notice",
        manifest.data().synthetic()
            ? "Research software, not a medical device. Trained on synthetic images: predictions"
                + " have no medical meaning."
            : "Research software, not a medical device.");
    return metadata;
  }

  private static double largestDifference(
      UnaryOperator<NDArray> probabilities, ByteBuffer model, NDManager manager, int side)
      throws IOException {
    double largest = 0;
    try (NDManager scope = manager.newSubManager();
        OrtSession session = OnnxFunction.open(model.duplicate(), 1)) {
      NDArray batch = ImageBatch.synthetic(scope, CHECKED_IMAGES, side);
      float[] expected = probabilities.apply(batch).toFloatArray();
      int next = 0;
      for (float[] row : OnnxFunction.run(session, batch.toByteBuffer().asFloatBuffer(), side)) {
        for (float found : row) {
          largest = Math.max(largest, Math.abs(found - expected[next++])); // keeps NaN
        }
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    return largest;
  }
}
