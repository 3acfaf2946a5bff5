package dev.cxr.eval.evaluation;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.explanation.DataUriImage;
import dev.cxr.eval.explanation.ReconstructionView;
import dev.cxr.eval.prediction.TrainingEmbeddings;
import dev.cxr.models.Classifier;
import dev.cxr.models.explanation.HeatmapOverlay;
import dev.cxr.models.knn.NearestExamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The example cases with their images, each as a data URI.
 *
 * @param cases with their nearest training images, if those are known
 * @param correct correct predictions
 * @param errors wrong predictions
 */
public record CaseImages(ExampleCases cases, List<CaseImage> correct, List<CaseImage> errors) {

  private static final int NEAREST_COUNT = 3;

  /** Training images need only be recognisable. */
  private static final int NEAREST_IMAGE_SIDE = DataUriImage.MAX_SIDE / 2;

  /** A case, its image, and the panels that explain the prediction. */
  public record CaseImage(
      ExampleCases.Case example, String image, List<Panel> panels, List<NearestImage> nearest) {}

  /** An image beside that of the case. */
  public record Panel(String label, String image) {}

  /** A training image that is near a case. */
  public record NearestImage(ExampleCases.TrainingNeighbour example, String image) {}

  /**
   * Reads the images again at their original size and computes Grad-CAM or reconstructions.
   *
   * @param side of the network's input, in pixels
   * @param dataset that holds the cases
   * @param trainingEmbeddings in which to find the nearest training images of the errors
   */
  static CaseImages of(
      Classifier classifier,
      int side,
      DatasetIndex dataset,
      ExampleCases cases,
      Optional<TrainingEmbeddings> trainingEmbeddings)
      throws IOException {
    Reader reader =
        new Reader(
            classifier,
            side,
            dataset.xrays().stream().collect(Collectors.toMap(Xray::id, x -> x, (a, b) -> a)),
            new HashMap<>());
    List<CaseImage> correct = reader.read(cases.correct(), Optional.empty());
    List<CaseImage> errors = reader.read(cases.errors(), trainingEmbeddings);
    return new CaseImages(
        new ExampleCases(
            cases.correctCount(),
            cases.errorCount(),
            cases.correct(),
            errors.stream().map(CaseImage::example).toList()),
        correct,
        errors);
  }

  /** {@return correct predictions, then errors} */
  public Stream<CaseImage> all() {
    return Stream.concat(correct.stream(), errors.stream());
  }

  /** Reads images and what explains them; the data URIs of training images are kept. */
  private record Reader(
      Classifier classifier, int side, Map<String, Xray> xrays, Map<String, String> trainingUris) {

    List<CaseImage> read(List<ExampleCases.Case> cases, Optional<TrainingEmbeddings> training)
        throws IOException {
      List<CaseImage> images = new ArrayList<>();
      for (ExampleCases.Case example : cases) {
        GrayImage image = Objects.requireNonNull(xrays.get(example.path())).source().read();
        GrayImage thumbnail = DataUriImage.fitWithin(image, DataUriImage.MAX_SIDE);
        List<NearestImage> nearest =
            training.isEmpty() ? List.of() : nearest(image, training.get());
        images.add(
            new CaseImage(
                example.withNearest(nearest.stream().map(NearestImage::example).toList()),
                DataUriImage.dataUri(thumbnail),
                panels(image, thumbnail, example.predictedClass()),
                nearest));
      }
      return List.copyOf(images);
    }

    private List<Panel> panels(GrayImage image, GrayImage thumbnail, String predictedClass)
        throws IOException {
      if (classifier.supportsGradCam()) {
        List<String> layers = classifier.convolutionalLayers();
        float[][] heatmap =
            classifier.gradCam(image, predictedClass, layers.get(layers.size() - 1));
        return List.of(
            new Panel(
                "Grad-CAM for " + predictedClass,
                DataUriImage.dataUri(HeatmapOverlay.of(thumbnail, heatmap))));
      }
      Optional<ReconstructionView> reconstruction = ReconstructionView.of(classifier, image, side);
      if (reconstruction.isEmpty()) {
        return List.of();
      }
      ReconstructionView view = reconstruction.get();
      return List.of(
          new Panel("Reconstruction", DataUriImage.dataUri(view.resizedReconstruction(thumbnail))),
          new Panel(
              "Difference, largest in white",
              DataUriImage.dataUri(view.resizedDifference(thumbnail))));
    }

    private List<NearestImage> nearest(GrayImage image, TrainingEmbeddings training)
        throws IOException {
      float[][] embedding = classifier.embeddings(List.of(image));
      NearestExamples found =
          training.nearest(classifier.manager(), embedding, NEAREST_COUNT).get(0);
      List<NearestImage> nearest = new ArrayList<>();
      for (int i = 0; i < found.indices().length; i++) {
        Xray xray = training.xrays().get(found.indices()[i]);
        if (!trainingUris.containsKey(xray.id())) {
          GrayImage small = DataUriImage.fitWithin(xray.source().read(), NEAREST_IMAGE_SIDE);
          trainingUris.put(xray.id(), DataUriImage.dataUri(small));
        }
        nearest.add(
            new NearestImage(
                new ExampleCases.TrainingNeighbour(xray.id(), xray.finding(), found.distances()[i]),
                trainingUris.getOrDefault(xray.id(), "")));
      }
      return nearest;
    }
  }
}
