package dev.cxr.models.onnx;

import ai.djl.ndarray.NDArray;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.cxr.common.cli.UserErrorException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function of a batch of images that ONNX Runtime computes. Threads may share it.
 *
 * <p>A batch is divided among threads, each of which runs the whole network on its images: that is
 * faster than threads that share each layer, by a fifth on two processors. They share the layers of
 * a single image.
 */
public final class OnnxFunction implements AutoCloseable {

  /** Larger ones leave the processor's cache. */
  private static final int IMAGES_PER_RUN = 8;

  static final String OUTPUT = "output";

  private final Supplier<ByteBuffer> model;
  private final int side;
  private final int threads;
  private final ExecutorService executor;
  private @Nullable OrtSession oneImage;
  private @Nullable OrtSession manyImages;

  /**
   * Creates a function, which is translated when it is first computed.
   *
   * @param function from images (N, 1, side, side) float32 in [0, 1] to (N, values), in operations
   *     of DJL
   * @param side width and height of an image, in pixels
   * @param threads how many compute
   */
  public OnnxFunction(UnaryOperator<NDArray> function, int side, int threads) {
    this(() -> OnnxTranslator.translate(function, side, OUTPUT, Map.of()), side, threads);
  }

  /**
   * Creates a function.
   *
   * @param model an ONNX file of one input and one output, in a direct buffer; loaded when the
   *     function is first computed, at most twice
   * @param side width and height of an image, in pixels
   * @param threads how many compute
   */
  public OnnxFunction(Supplier<ByteBuffer> model, int side, int threads) {
    this.model = model;
    this.side = side;
    this.threads = threads;
    this.executor =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, "onnx");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Computes the function.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]; not copied if it is a direct buffer
   * @return a row for each image
   * @throws UnsupportedOperationException if an operation has no ONNX form; its message names it
   * @throws UserErrorException if ONNX Runtime does not start
   */
  public float[][] apply(FloatBuffer images) {
    int size = side * side;
    int count = images.remaining() / size;
    if (count == 1) {
      return run(oneImage(), images, side);
    }
    OrtSession session = manyImages();
    int perRun = Math.min(IMAGES_PER_RUN, (count + threads - 1) / threads);
    List<Future<float[][]>> runs = new ArrayList<>();
    for (int from = 0; from < count; from += perRun) {
      int length = Math.min(perRun, count - from) * size;
      FloatBuffer part = images.slice(images.position() + from * size, length);
      runs.add(executor.submit(() -> run(session, part, side)));
    }
    float[][] rows = new float[count][];
    int next = 0;
    for (Future<float[][]> run : runs) {
      for (float[] row : result(run)) {
        rows[next++] = row;
      }
    }
    return rows;
  }

  private synchronized OrtSession oneImage() {
    if (oneImage == null) {
      oneImage = open(threads);
    }
    return oneImage;
  }

  private synchronized OrtSession manyImages() {
    if (manyImages == null) {
      manyImages = open(1);
    }
    return manyImages;
  }

  private OrtSession open(int threadsPerLayer) {
    return open(model.get(), threadsPerLayer);
  }

  /**
   * Loads a model.
   *
   * @throws UserErrorException if ONNX Runtime does not start
   */
  static OrtSession open(ByteBuffer model, int threadsPerLayer) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threadsPerLayer);
      // Threads that spin while they wait for a layer were 5 % faster than threads that sleep, but
      // in half of the processes one of them got no work, which made an image 1.6 times as slow.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return open(model, options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  static OrtSession open(ByteBuffer model, OrtSession.SessionOptions options) throws OrtException {
    return environment().createSession(model, options);
  }

  /** Runs a model of one input and one output. */
  static float[][] run(OrtSession session, FloatBuffer images, int side) {
    try (OnnxTensor input = tensor(images, side);
        OrtSession.Result result = session.run(Map.of(OnnxTranslator.INPUT, input))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  static OnnxTensor tensor(FloatBuffer images, int side) throws OrtException {
    long[] shape = {images.remaining() / ((long) side * side), 1, side, side};
    return OnnxTensor.createTensor(environment(), images, shape);
  }

  private static OrtEnvironment environment() {
    OnnxLibraries.prepare();
    try {
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "cxr");
    } catch (LinkageError e) {
      throw UserErrorException.of(
          "a platform for which ONNX Runtime has native libraries, in a folder that allows them",
          String.valueOf(e.getMessage()),
          "Use --engine pytorch, or another folder with --cache-dir.");
    }
  }

  private static float[][] result(Future<float[][]> run) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return run.get();
        } catch (InterruptedException e) {
          interrupted = true; // the run still reads the images
        }
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Frees the function, which no thread may be computing. */
  @Override
  public synchronized void close() {
    executor.shutdown();
    try {
      if (oneImage != null) {
        oneImage.close();
      }
      if (manyImages != null) {
        manyImages.close();
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
