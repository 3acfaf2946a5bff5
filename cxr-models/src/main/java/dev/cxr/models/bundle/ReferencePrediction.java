package dev.cxr.models.bundle;

import ai.djl.Model;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A synthetic image and the probabilities that the model must predict for it on every machine. */
public final class ReferencePrediction {

  /** How far a probability may be from the one the bundle was written with. */
  private static final double TOLERANCE = 1e-4;

  /** Rounding of float32 on another processor can move a pixel to the next of 256 levels. */
  private static final double INT8_TOLERANCE = 1e-2;

  private ReferencePrediction() {}

  static void write(Path folder, Manifest manifest, Model model) throws IOException {
    int side = manifest.input().side();
    GrayImage synthetic =
        DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT)
            .xrays()
            .get(0)
            .source()
            .read();
    GrayImage image = Resampler.resize(synthetic, side, side);
    PngEncoder.write(image, folder.resolve(Bundle.REFERENCE_IMAGE));

    write(folder.resolve(Bundle.REFERENCE_PREDICTION), manifest, predict(manifest, model, image));
  }

  static void write(Path file, Manifest manifest, double[] probabilities) throws IOException {
    JsonObject prediction = new JsonObject();
    List<String> classes = manifest.classes();
    for (int i = 0; i < classes.size(); i++) {
      prediction.addProperty(classes.get(i), probabilities[i]);
    }
    Files.writeString(file, Manifest.GSON.toJson(prediction) + "\n");
  }

  private static double[] predict(Manifest manifest, Model model, GrayImage image) {
    ParameterStore parameters = new ParameterStore(model.getNDManager(), false);
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDList batch = new NDList(ImageBatch.of(scope, List.of(image), manifest.input().side()));
      NDList logits = model.getBlock().forward(parameters, batch, false);
      return LogitDecoder.probabilities(
          manifest.task(), logits.get(0).toFloatArray(), manifest.temperature());
    }
  }

  /**
   * Checks a model on the reference image of its bundle.
   *
   * @param predict from an image to the probabilities of the bundle's classes
   * @param bundle an opened bundle
   * @throws UserErrorException if a probability differs from that of the bundle
   * @throws IOException if a file cannot be read
   */
  public static void check(Bundle bundle, Function<GrayImage, double[]> predict)
      throws IOException {
    check(
        bundle,
        predict,
        Bundle.REFERENCE_PREDICTION,
        TOLERANCE,
        "This engine computes other results than the one of the training: use the DJL and PyTorch"
            + " versions that bundle.json names under versions.");
  }

  /**
   * Checks the int8 variant of a model on the reference image of its bundle.
   *
   * @param predict from an image to the probabilities of the bundle's classes
   * @param bundle an opened bundle that has a variant
   * @throws UserErrorException if a probability differs from that of the bundle
   * @throws IOException if a file cannot be read
   */
  public static void checkInt8(Bundle bundle, Function<GrayImage, double[]> predict)
      throws IOException {
    check(
        bundle,
        predict,
        Bundle.INT8_PREDICTION,
        INT8_TOLERANCE,
        "Integers of 8 bits give other results on this processor: omit --precision, or quantize"
            + " here.");
  }

  private static void check(
      Bundle bundle,
      Function<GrayImage, double[]> predict,
      String file,
      double tolerance,
      String remedy)
      throws IOException {
    Path folder = bundle.folder();
    double[] found = predict.apply(ImageDecoder.decode(folder.resolve(Bundle.REFERENCE_IMAGE)));
    Map<String, Double> expectedProbabilities = readExpected(folder.resolve(file));
    List<String> classes = bundle.manifest().classes();
    for (int i = 0; i < found.length; i++) {
      Double expected = expectedProbabilities.get(classes.get(i));
      if (expected == null || !(Math.abs(found[i] - expected) <= tolerance)) { // rejects NaN too
        throw UserErrorException.of(
            "probability %.6f of %s for the reference image %s"
                .formatted(expected, classes.get(i), Bundle.REFERENCE_IMAGE),
            "%.6f in %s".formatted(found[i], folder),
            remedy);
      }
    }
  }

  private static Map<String, Double> readExpected(Path file) throws IOException {
    try {
      Map<String, Double> read =
          Manifest.GSON.fromJson(Files.readString(file), new TypeToken<Map<String, Double>>() {});
      return Objects.requireNonNullElse(read, Map.of());
    } catch (JsonParseException e) {
      throw UserErrorException.of(
          "a probability for each class in " + file,
          "something else (" + e.getMessage() + ")",
          "Train the bundle again.");
    }
  }
}
