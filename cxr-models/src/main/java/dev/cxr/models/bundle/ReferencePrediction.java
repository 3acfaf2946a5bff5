package dev.cxr.models.bundle;

import ai.djl.Model;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A drawn picture and the probabilities that the model must give it, on every machine. */
final class ReferencePrediction {

  /** How far a probability may be from the one the bundle was written with. */
  private static final double TOLERANCE = 1e-4;

  private ReferencePrediction() {}

  /** Writes down what a model says of the picture: every later reader must say the same. */
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

    double[] probabilities = new Classifier(manifest, model).probabilities(List.of(image))[0];
    JsonObject prediction = new JsonObject();
    List<String> classes = manifest.classes();
    for (int i = 0; i < classes.size(); i++) {
      prediction.addProperty(classes.get(i), probabilities[i]);
    }
    Files.writeString(
        folder.resolve(Bundle.REFERENCE_PREDICTION), Manifest.GSON.toJson(prediction) + "\n");
  }

  /**
   * Has a model predict its bundle's golden picture.
   *
   * @throws UserErrorException if it does not give the probabilities that the bundle promises
   * @throws IOException if a file cannot be read
   */
  static void check(Bundle bundle, Classifier classifier) throws IOException {
    Path folder = bundle.folder();
    GrayImage image = ImageDecoder.decode(folder.resolve(Bundle.REFERENCE_IMAGE));
    double[] found = classifier.probabilities(List.of(image))[0];
    Map<String, Double> expectedProbabilities = readExpected(folder);
    List<String> classes = bundle.manifest().classes();
    for (int i = 0; i < found.length; i++) {
      double expected = expectedProbabilities.getOrDefault(classes.get(i), Double.NaN);
      if (!(Math.abs(found[i] - expected) <= TOLERANCE)) { // so that NaN is refused too
        throw UserErrorException.of(
            "probability %.6f of %s for the bundle's golden picture"
                .formatted(expected, classes.get(i)),
            "%.6f in %s".formatted(found[i], folder),
            "This engine computes otherwise than the one it was trained on: use the DJL set that"
                + " bundle.json names under versions.");
      }
    }
  }

  private static Map<String, Double> readExpected(Path folder) throws IOException {
    Path file = folder.resolve(Bundle.REFERENCE_PREDICTION);
    try {
      JsonObject prediction = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      Map<String, Double> probabilities = new HashMap<>();
      for (String name : prediction.keySet()) {
        probabilities.put(name, prediction.get(name).getAsDouble());
      }
      return probabilities;
    } catch (JsonParseException
        | IllegalStateException
        | NumberFormatException
        | UnsupportedOperationException e) {
      throw UserErrorException.of(
          "a probability for each class in " + file,
          "something else (" + e.getMessage() + ")",
          "Train the bundle again.");
    }
  }
}
