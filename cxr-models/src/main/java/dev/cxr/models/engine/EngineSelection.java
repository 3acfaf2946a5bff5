package dev.cxr.models.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.cli.Version;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.common.files.Sha256;
import dev.cxr.common.runtime.CpuInfo;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.models.bundle.ImageBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what computes the predictions of a model, by a measurement of a second that is kept in
 * the {@link CacheFolder} for the next process.
 */
public final class EngineSelection {

  private static final Logger LOG = LoggerFactory.getLogger(EngineSelection.class);

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /** How far a probability of ONNX Runtime may be from that of PyTorch. */
  private static final double TOLERANCE = 1e-4;

  /** Synthetic images that both predict. */
  private static final int IMAGES = 4;

  private static final int RUNS = 3;

  private EngineSelection() {}

  /**
   * What was measured.
   *
   * @param engine the choice
   * @param pytorch images per second
   * @param onnx images per second; 0 if the model has no ONNX form or other predictions in it
   * @param problem why ONNX Runtime was not measured; null if it was
   */
  private record Measurement(
      InferenceEngine engine, double pytorch, double onnx, @Nullable String problem) {}

  /**
   * Chooses an engine.
   *
   * @param engine the engine that was asked for
   * @param model identifies the model
   * @param manager owns the images on which the engines are compared
   * @param side width and height of an image, in pixels
   * @param logits of the model
   * @param decode from logits to probabilities
   * @return whether to use ONNX Runtime
   * @throws UserErrorException if ONNX Runtime was asked for and cannot predict with this model
   */
  public static boolean usesOnnx(
      InferenceEngine engine,
      String model,
      NDManager manager,
      int side,
      BatchFunction logits,
      Function<float[][], double[][]> decode) {
    return switch (engine) {
      case PYTORCH -> false;
      case ONNX -> {
        Measurement measurement = measure(manager, side, logits, decode);
        if (measurement.problem() != null) {
          throw UserErrorException.of(
              "a model that ONNX Runtime can compute",
              measurement.problem(),
              "Use --engine pytorch.");
        }
        yield true;
      }
      case AUTO -> {
        Optional<Path> file = file(model);
        Optional<Measurement> known = file.flatMap(EngineSelection::read);
        try {
          Measurement measurement = known.orElseGet(() -> measure(manager, side, logits, decode));
          if (known.isEmpty()) {
            write(file, measurement);
          }
          yield measurement.engine() == InferenceEngine.ONNX;
        } catch (UserErrorException e) {
          LOG.info("PyTorch predicts, because ONNX Runtime does not start", e);
          yield false;
        }
      }
    };
  }

  private static Measurement measure(
      NDManager manager, int side, BatchFunction logits, Function<float[][], double[][]> decode) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray batch = ImageBatch.synthetic(scope, IMAGES, side);
      return measure(
          () -> decode.apply(logits.byPytorch(batch)), () -> decode.apply(logits.byOnnx(batch)));
    } catch (IOException e) {
      throw new UncheckedIOException("synthetic images", e);
    }
  }

  private interface Predictor {
    double[][] predict();
  }

  private static Measurement measure(Predictor pytorch, Predictor onnx) {
    double[][] expected = pytorch.predict();
    try {
      double difference = largestDifference(expected, onnx.predict());
      if (!(difference <= TOLERANCE)) { // rejects NaN too
        return pytorchOnly("probabilities that differ from PyTorch's by " + difference);
      }
    } catch (UnsupportedOperationException e) {
      return pytorchOnly("the operation '%s', which has no ONNX form".formatted(e.getMessage()));
    } catch (IllegalStateException e) { // of a user's architecture that was never translated before
      return pytorchOnly("an error of ONNX Runtime: " + e.getMessage());
    }
    double pytorchSpeed = imagesPerSecond(pytorch);
    double onnxSpeed = imagesPerSecond(onnx);
    return new Measurement(
        onnxSpeed > pytorchSpeed ? InferenceEngine.ONNX : InferenceEngine.PYTORCH,
        pytorchSpeed,
        onnxSpeed,
        null);
  }

  private static Measurement pytorchOnly(String problem) {
    return new Measurement(InferenceEngine.PYTORCH, 0, 0, problem);
  }

  private static double imagesPerSecond(Predictor predictor) {
    long fastest = Long.MAX_VALUE;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      predictor.predict();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return IMAGES / (fastest / 1e9);
  }

  private static double largestDifference(double[][] expected, double[][] found) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      for (int c = 0; c < expected[i].length; c++) {
        largest = Math.max(largest, Math.abs(found[i][c] - expected[i][c])); // keeps NaN
      }
    }
    return largest;
  }

  /** Empty if the folder cannot be made; then every process measures. */
  private static Optional<Path> file(String model) {
    try {
      String machine =
          String.join(
              "\n",
              new Version().getVersion()[0],
              CpuInfo.read().model(),
              String.valueOf(EngineDefaults.threads()));
      return Optional.of(
          CacheFolder.create("inference")
              .resolve("%s-%s.json".formatted(model, Sha256.hex(machine).substring(0, 12))));
    } catch (IOException | UserErrorException e) {
      LOG.debug("The measured engine is not kept", e);
      return Optional.empty();
    }
  }

  private static Optional<Measurement> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.ofNullable(GSON.fromJson(Files.readString(file), Measurement.class))
              .filter(measurement -> measurement.engine() != null)
          : Optional.empty();
    } catch (IOException | JsonParseException e) {
      LOG.debug("The measured engine is not readable", e);
      return Optional.empty();
    }
  }

  private static void write(Optional<Path> file, Measurement measurement) {
    if (file.isPresent()) {
      try {
        AtomicFile.write(
            file.get(), path -> Files.writeString(path, GSON.toJson(measurement) + "\n"));
      } catch (IOException | UserErrorException e) {
        LOG.debug("The measured engine is not kept", e);
      }
    }
  }
}
