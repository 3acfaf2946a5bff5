package dev.cxr.examples;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.models.Classifier;
import dev.cxr.models.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Predicts a JPEG, PNG, TIFF or DICOM file, and writes it with its heatmap. */
public final class PredictExample {

  /** Arguments: bundle folder, image file, PNG file to write. */
  public static void main(String... arguments) throws IOException {
    GrayImage image = ImageDecoder.decode(Path.of(arguments[1]));
    try (Classifier classifier = Classifier.load(Path.of(arguments[0]))) {
      Prediction prediction = classifier.predict(image);
      System.out.printf(
          "%s: probability %.3f, threshold %.3f%n",
          prediction.decision(), prediction.positiveProbability(), prediction.threshold());
      prediction.probabilities().forEach((name, p) -> System.out.printf("  %s %.3f%n", name, p));
      if (classifier.supportsGradCam()) {
        ImageIO.write(
            classifier.explain(image).overlay(image), "png", Path.of(arguments[2]).toFile());
      }
    }
  }
}
