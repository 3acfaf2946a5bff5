package dev.cxr.eval;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.DataUriImage;
import dev.cxr.eval.explanation.FeatureMapGrid;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.eval.prediction.Decision;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a network looks at in pictures: {@code explanations.json}, and what {@code
 * explanations.mustache} shows.
 *
 * @param disclaimer what none of this is
 * @param bundle identifies the bundle
 * @param name of the bundle
 * @param layer whose maps are weighed and drawn
 * @param all one for each picture, in the order they were named
 */
record Explanations(
    String disclaimer, String bundle, String name, String layer, List<Explanation> all) {

  /** The longer side of a drawn picture; larger ones are shrunk. */
  private static final int MOST_SIDE = 1024;

  /**
   * One picture.
   *
   * @param file as it was named
   * @param probabilities of the task's classes
   * @param answer the class that is answered: of two classes at the operating threshold, of more
   *     the most probable one
   * @param className the class whose evidence is drawn
   * @param hasEvidence whether anything in the layer's maps speaks for it
   * @param gradCam the file with Grad-CAM over the picture
   * @param maps the file with the layer's feature maps
   */
  record Explanation(
      String file,
      Map<String, Double> probabilities,
      String answer,
      String className,
      boolean hasEvidence,
      String gradCam,
      String maps) {

    /** For a terminal. */
    String line() {
      return "%s: %s (%s)".formatted(file, answer, probabilitiesText());
    }

    String probabilitiesText() {
      return probabilities.entrySet().stream()
          .map(p -> String.format(Locale.ROOT, "%s %.3f", p.getKey(), p.getValue()))
          .collect(Collectors.joining(", "));
    }
  }

  /** A picture as the page shows it. */
  private record Shown(Explanation about, String picture, String heat, String maps) {}

  private record View(Explanations explanations, List<Shown> shown) {}

  /**
   * Asks the bundle about every picture and fills an empty folder.
   *
   * @param className the class whose evidence is looked for; the answer's where none is given
   * @param layer the layer to look at; the last before the head where none is given
   * @throws dev.cxr.common.cli.UserErrorException if there is no such class or layer
   * @throws IOException if a picture cannot be read; the message names it
   */
  static Explanations write(
      Bundle bundle,
      List<Path> pictures,
      Optional<String> className,
      Optional<String> layer,
      Path folder)
      throws IOException {
    List<Shown> shown = new ArrayList<>();
    Explanations explanations;
    try (Classifier classifier = Classifier.load(bundle);
        Progress progress = Progress.start("Explaining", " images", pictures.size())) {
      List<String> layers = classifier.convolutionalLayers();
      String at = layer.orElse(layers.get(layers.size() - 1));
      for (Path picture : pictures) {
        shown.add(
            explain(bundle.manifest(), classifier, picture, className, at, folder, shown.size()));
        progress.step(1, "");
      }
      explanations =
          new Explanations(
              "Research software, not a medical device. Grad-CAM shows what the network looked at,"
                  + " not where a disease is.",
              bundle.id(),
              bundle.manifest().name(),
              at,
              shown.stream().map(Shown::about).toList());
    }
    Files.writeString(
        folder.resolve("explanations.json"), EvaluationFiles.GSON.toJson(explanations) + "\n");
    Files.writeString(
        folder.resolve("report.html"),
        HtmlPage.render(Explanations.class, "explanations", new View(explanations, shown)));
    return explanations;
  }

  private static Shown explain(
      Manifest manifest,
      Classifier classifier,
      Path file,
      Optional<String> className,
      String layer,
      Path folder,
      int number)
      throws IOException {
    GrayImage picture = ImageDecoder.decode(file);
    double[] probabilities = classifier.probabilities(List.of(picture))[0];
    List<String> classes = manifest.classes();
    String answer =
        classes.get(Decision.predictedClass(probabilities, manifest.threshold().value()));
    String explained = className.orElse(answer);
    float[][] heat = classifier.gradCam(picture, explained, layer);
    Map<String, Double> byClass = new LinkedHashMap<>();
    for (int c = 0; c < probabilities.length; c++) {
      byClass.put(classes.get(c), probabilities[c]);
    }
    String base = String.format(Locale.ROOT, "%03d-%s", number + 1, stem(file));
    var about =
        new Explanation(
            file.toString(),
            byClass,
            answer,
            explained,
            hasEvidence(heat),
            base + "-gradcam.png",
            base + "-maps.png");
    GrayImage large = DataUriImage.fitWithin(picture, MOST_SIDE);
    BufferedImage sheet = FeatureMapGrid.of(classifier.featureMaps(picture, layer));
    PngEncoder.write(HeatmapOverlay.of(large, heat), folder.resolve(about.gradCam()));
    PngEncoder.write(sheet, folder.resolve(about.maps()));
    GrayImage small = DataUriImage.fitWithin(picture, DataUriImage.MAX_SIDE);
    return new Shown(
        about,
        DataUriImage.dataUri(small),
        DataUriImage.dataUri(HeatmapOverlay.of(small, heat)),
        DataUriImage.dataUri(DataUriImage.fitWithin(gray(sheet), DataUriImage.MAX_SIDE)));
  }

  private static boolean hasEvidence(float[][] heat) {
    for (float[] row : heat) {
      for (float value : row) {
        if (value > 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** The file's name as part of another's: without its ending, no odd characters, not too long. */
  private static String stem(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.[A-Za-z]{1,5}$", "");
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.substring(0, Math.min(plain.length(), 80));
  }

  private static GrayImage gray(BufferedImage sheet) {
    byte[] pixels =
        (byte[]) sheet.getRaster().getDataElements(0, 0, sheet.getWidth(), sheet.getHeight(), null);
    return new GrayImage(sheet.getWidth(), sheet.getHeight(), pixels);
  }
}
