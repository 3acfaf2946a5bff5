package dev.cxr.eval.report;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.command.ErrorFormatter;
import dev.cxr.common.html.HtmlPage;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.DataUriImage;
import dev.cxr.eval.explanation.FeatureMapGrid;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.explanation.HeatmapOverlay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Grad-CAM and feature maps of several images: the content of {@code explanations.json}.
 *
 * @param disclaimer the limits of Grad-CAM
 * @param bundle id of the bundle
 * @param name of the bundle
 * @param layer the layer that is explained
 * @param explanations one per readable image, in the order given
 * @param unreadable for each other image, which it is and what is wrong with it
 */
public record ExplanationReport(
    String disclaimer,
    String bundle,
    String name,
    String layer,
    List<Explanation> explanations,
    List<String> unreadable) {

  /** Larger images are shrunk to this longer side, in pixels. */
  private static final int MAX_SIDE = 1024;

  /**
   * The explanation of one image.
   *
   * @param file its path as given
   * @param probabilities by class
   * @param predicted the predicted class: of two at the operating threshold, of more the most
   *     probable
   * @param explainedClass the class that Grad-CAM explains
   * @param hasEvidence whether Grad-CAM is above 0 anywhere
   * @param gradCam file name of the image with Grad-CAM
   * @param featureMaps file name of the layer's feature maps
   */
  public record Explanation(
      String file,
      Map<String, Double> probabilities,
      String predicted,
      String explainedClass,
      boolean hasEvidence,
      String gradCam,
      String featureMaps) {

    /** {@return file, predicted class and probabilities, for a terminal} */
    public String line() {
      return "%s: %s (%s)".formatted(file, predicted, probabilitiesText());
    }

    String probabilitiesText() {
      return probabilities.entrySet().stream()
          .map(p -> String.format(Locale.ROOT, "%s %.3f", p.getKey(), p.getValue()))
          .collect(Collectors.joining(", "));
    }
  }

  /** An explanation with its images as data URIs. */
  private record ExplanationView(
      Explanation explanation, String image, String heatmap, String featureMaps) {}

  /**
   * Explains every readable image and writes page, JSON and images into an empty folder.
   *
   * @param bundle the bundle to explain
   * @param images image files
   * @param className the class to explain; by default the predicted one
   * @param layer the layer to explain; by default the last before the head
   * @param folder an empty folder
   * @return the explanations
   * @throws dev.cxr.common.cli.UserErrorException if there is no such class or layer
   * @throws IOException if no image can be read, or a file cannot be written
   */
  public static ExplanationReport write(
      Bundle bundle,
      List<Path> images,
      Optional<String> className,
      Optional<String> layer,
      Path folder)
      throws IOException {
    List<ExplanationView> views = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    ExplanationReport report;
    try (Classifier classifier = Classifier.load(bundle);
        Progress progress = Progress.start("Explaining", " images", images.size())) {
      List<String> layers = classifier.convolutionalLayers();
      String layerName = layer.orElse(layers.get(layers.size() - 1));
      for (Path file : images) {
        GrayImage image;
        try {
          image = ImageDecoder.decode(file, bundle.manifest().data().windowNumber());
        } catch (IOException e) {
          unreadable.add(ErrorFormatter.format(e));
          if (unreadable.size() == images.size()) {
            throw e;
          }
          continue;
        } finally {
          progress.step(1, "");
        }
        Manifest manifest = bundle.manifest();
        views.add(
            explain(manifest, classifier, file, image, className, layerName, folder, views.size()));
      }
      report =
          new ExplanationReport(
              "Research software, not a medical device. Grad-CAM shows what the network looked at,"
                  + " not where a disease is.",
              bundle.id(),
              bundle.manifest().name(),
              layerName,
              views.stream().map(ExplanationView::explanation).toList(),
              unreadable);
    }
    Files.writeString(
        folder.resolve("explanations.json"), EvaluationWriter.GSON.toJson(report) + "\n");
    Files.writeString(
        folder.resolve("report.html"),
        HtmlPage.render(
            ExplanationReport.class, "explanations", Map.of("report", report, "images", views)));
    return report;
  }

  private static ExplanationView explain(
      Manifest manifest,
      Classifier classifier,
      Path file,
      GrayImage image,
      Optional<String> className,
      String layer,
      Path folder,
      int number)
      throws IOException {
    double[] probabilities = classifier.probabilities(List.of(image))[0];
    List<String> classes = manifest.classes();
    String predicted =
        classes.get(ImagePrediction.predictedClass(probabilities, manifest.threshold().value()));
    String explained = className.orElse(predicted);
    float[][] heatmap = classifier.gradCam(image, explained, layer);
    Map<String, Double> byClass = new LinkedHashMap<>();
    for (int c = 0; c < probabilities.length; c++) {
      byClass.put(classes.get(c), probabilities[c]);
    }
    String base = String.format(Locale.ROOT, "%03d-%s", number + 1, fileStem(file));
    var explanation =
        new Explanation(
            file.toString(),
            byClass,
            predicted,
            explained,
            hasEvidence(heatmap),
            base + "-gradcam.png",
            base + "-maps.png");
    GrayImage large = DataUriImage.fitWithin(image, MAX_SIDE);
    GrayImage sheet = FeatureMapGrid.of(classifier.featureMaps(image, layer));
    PngEncoder.write(HeatmapOverlay.of(large, heatmap), folder.resolve(explanation.gradCam()));
    PngEncoder.write(sheet, folder.resolve(explanation.featureMaps()));
    GrayImage small = DataUriImage.fitWithin(image, DataUriImage.MAX_SIDE);
    return new ExplanationView(
        explanation,
        DataUriImage.dataUri(small),
        DataUriImage.dataUri(HeatmapOverlay.of(small, heatmap)),
        DataUriImage.dataUri(DataUriImage.fitWithin(sheet, DataUriImage.MAX_SIDE)));
  }

  private static boolean hasEvidence(float[][] heatmap) {
    return Arrays.stream(heatmap)
        .anyMatch(row -> IntStream.range(0, row.length).anyMatch(x -> row[x] > 0));
  }

  /** The file's name without its ending, in at most 80 safe characters. */
  private static String fileStem(Path file) {
    String name = file.getFileName().toString().replaceFirst("\\.[A-Za-z]{1,5}$", "");
    String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
    return plain.substring(0, Math.min(plain.length(), 80));
  }
}
