package dev.cxr.models.bundle;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.shell.Refusal;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A bundle's model, loaded and ready to be asked.
 *
 * <p>Answers from any thread; on the CPU the engine uses all its threads for each batch.
 */
public final class Classifier implements AutoCloseable {

  /** How far a probability may be from the one the bundle was written with. */
  private static final double TOLERANCE = 1e-4;

  private final Manifest manifest;
  private final Model model;
  private final ParameterStore parameters;

  Classifier(Manifest manifest, Model model) {
    this.manifest = manifest;
    this.model = model;
    this.parameters = new ParameterStore(model.getNDManager(), false);
  }

  /**
   * Loads the model and has it predict the bundle's golden picture.
   *
   * @throws Refusal if it does not load or does not give the probabilities that the bundle promises
   * @throws IOException if a file cannot be read
   */
  public static Classifier load(Bundle bundle) throws IOException {
    Manifest manifest = bundle.manifest();
    Model model = Model.newInstance(manifest.name(), "PyTorch");
    try {
      model.setBlock(BundleBlockFactory.block(manifest));
      model.load(
          bundle.folder(), manifest.name(), Map.of("epoch", String.valueOf(manifest.epoch())));
      Classifier classifier = new Classifier(manifest, model);
      classifier.checkGolden(bundle.folder());
      return classifier;
    } catch (MalformedModelException
        | EOFException
        | EngineException
        | IllegalArgumentException e) {
      model.close();
      throw Refusal.of(
          "parameters of " + manifest.architecture() + " in " + bundle.folder(),
          "others (" + e + ")",
          "Train the bundle again.");
    } catch (RuntimeException | IOException e) {
      model.close();
      throw e;
    }
  }

  /** Parent of whatever is fed to {@link #probabilities(NDArray)}. */
  public NDManager manager() {
    return model.getNDManager();
  }

  /**
   * Asks about pictures of any size.
   *
   * @return for each picture the probabilities of the task's classes, in order
   */
  public double[][] probabilities(List<GrayImage> images) {
    int side = manifest.input().side();
    float[] pixels = new float[images.size() * side * side];
    for (int i = 0; i < images.size(); i++) {
      fill(pixels, i * side * side, images.get(i), side);
    }
    try (NDManager batch = manager().newSubManager()) {
      return probabilities(batch.create(pixels, new Shape(images.size(), 1, side, side)));
    }
  }

  /**
   * Asks about a batch.
   *
   * @param batch (N, 1, side, side) float32 in [0, 1]; what is made of it goes with its manager
   * @return N times the probabilities of the task's classes, in order
   */
  public double[][] probabilities(NDArray batch) {
    NDArray output =
        model.getBlock().forward(parameters, new NDList(batch), false).singletonOrThrow();
    int width = (int) output.getShape().get(1);
    float[] logits = output.toFloatArray();
    double[][] probabilities = new double[logits.length / width][];
    for (int i = 0; i < probabilities.length; i++) {
      float[] own = Arrays.copyOfRange(logits, i * width, (i + 1) * width);
      probabilities[i] = Outputs.probabilities(manifest.task(), own, manifest.temperature());
    }
    return probabilities;
  }

  private void checkGolden(Path folder) throws IOException {
    GrayImage picture = ImageDecoder.decode(folder.resolve(Bundle.GOLDEN_PICTURE));
    double[] found = probabilities(List.of(picture))[0];
    Map<String, Double> promised = promised(folder);
    List<String> classes = manifest.classes();
    for (int i = 0; i < found.length; i++) {
      double expected = promised.getOrDefault(classes.get(i), Double.NaN);
      if (!(Math.abs(found[i] - expected) <= TOLERANCE)) { // so that NaN is refused too
        throw Refusal.of(
            "probability %.6f of %s for the bundle's golden picture"
                .formatted(expected, classes.get(i)),
            "%.6f in %s".formatted(found[i], folder),
            "This engine computes otherwise than the one it was trained on: use the DJL set that"
                + " bundle.json names under versions.");
      }
    }
  }

  private static Map<String, Double> promised(Path folder) throws IOException {
    Path file = folder.resolve(Bundle.GOLDEN_ANSWER);
    try {
      JsonObject answer = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      Map<String, Double> promised = new HashMap<>();
      for (String name : answer.keySet()) {
        promised.put(name, answer.get(name).getAsDouble());
      }
      return promised;
    } catch (JsonParseException
        | IllegalStateException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw Refusal.of(
          "a probability for each class in " + file,
          "something else (" + e.getMessage() + ")",
          "Train the bundle again.");
    }
  }

  /** Pixels as a network is fed: resized, then divided by 255. */
  static void fill(float[] out, int offset, GrayImage image, int side) {
    byte[] pixels = Resampler.resize(image, side, side).pixels();
    for (int i = 0; i < pixels.length; i++) {
      out[offset + i] = (pixels[i] & 0xFF) / 255f;
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
