package dev.cxr.eval;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.ExampleCases;
import dev.cxr.eval.explanation.DataUriImage;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.eval.explanation.ReconstructionView;
import dev.cxr.eval.prediction.TrainingEmbeddings;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.knn.NearestExamples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The chosen cases as the page shows them, each image as a data URI.
 *
 * @param cases with their nearest training pictures, if those are known
 * @param correct the right answers
 * @param errors the errors
 */
record CaseImages(ExampleCases cases, List<Shown> correct, List<Shown> errors) {

  private static final int NEAREST = 3;

  /** Training pictures are there to be recognised, not studied. */
  private static final int NEAREST_SIDE = DataUriImage.MAX_SIDE / 2;

  /** A case, its picture, and what the network made of it. */
  record Shown(
      ExampleCases.Case about, String picture, List<Panel> panels, List<NearShown> nearest) {}

  /** A picture beside the case's own. */
  record Panel(String label, String picture) {}

  record NearShown(ExampleCases.TrainingNeighbour about, String picture) {}

  /**
   * Reads the pictures again, at their own size, and asks for Grad-CAM.
   *
   * @param side of the network's input, in pixels
   * @param catalogue the collection that the cases are of
   * @param training where their nearest training pictures are looked for, if anywhere
   */
  static CaseImages of(
      Classifier classifier,
      int side,
      DatasetIndex catalogue,
      ExampleCases cases,
      Optional<TrainingEmbeddings> training)
      throws IOException {
    Map<String, Xray> xrays =
        catalogue.xrays().stream().collect(Collectors.toMap(Xray::id, x -> x, (a, b) -> a));
    List<Shown> correct = new ArrayList<>();
    for (ExampleCases.Case one : cases.correct()) {
      correct.add(shown(classifier, side, picture(xrays, one), one, List.of()));
    }
    List<Shown> errors = new ArrayList<>();
    Map<String, String> known = new HashMap<>();
    for (ExampleCases.Case one : cases.errors()) {
      GrayImage picture = picture(xrays, one);
      List<NearShown> nearest =
          training.isEmpty() ? List.of() : nearest(classifier, picture, training.get(), known);
      errors.add(shown(classifier, side, picture, one, nearest));
    }
    return new CaseImages(
        new ExampleCases(
            cases.correctCount(),
            cases.errorCount(),
            cases.correct(),
            errors.stream().map(Shown::about).toList()),
        correct,
        errors);
  }

  private static GrayImage picture(Map<String, Xray> xrays, ExampleCases.Case one)
      throws IOException {
    Xray xray = xrays.get(one.path());
    if (xray == null) {
      throw new IllegalArgumentException(one + " is of another collection");
    }
    return xray.source().read();
  }

  private static Shown shown(
      Classifier classifier,
      int side,
      GrayImage picture,
      ExampleCases.Case one,
      List<NearShown> nearest)
      throws IOException {
    GrayImage small = DataUriImage.fitWithin(picture, DataUriImage.MAX_SIDE);
    return new Shown(
        one.withNearest(nearest.stream().map(NearShown::about).toList()),
        DataUriImage.dataUri(small),
        panels(classifier, side, picture, small, one.predictedClass()),
        nearest);
  }

  private static List<Panel> panels(
      Classifier classifier, int side, GrayImage picture, GrayImage small, String answer)
      throws IOException {
    if (classifier.supportsGradCam()) {
      List<String> layers = classifier.convolutionalLayers();
      float[][] heat = classifier.gradCam(picture, answer, layers.get(layers.size() - 1));
      return List.of(
          new Panel(
              "Grad-CAM for " + answer, DataUriImage.dataUri(HeatmapOverlay.of(small, heat))));
    }
    Optional<ReconstructionView> given = ReconstructionView.of(classifier, picture, side);
    if (given.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Panel("Given back", DataUriImage.dataUri(given.get().resizedReconstruction(small))),
        new Panel(
            "Difference, white where greatest",
            DataUriImage.dataUri(given.get().resizedDifference(small))));
  }

  private static List<NearShown> nearest(
      Classifier classifier,
      GrayImage picture,
      TrainingEmbeddings training,
      Map<String, String> known)
      throws IOException {
    float[][] own = classifier.embeddings(List.of(picture));
    NearestExamples found = training.nearest(classifier.manager(), own, NEAREST).get(0);
    List<NearShown> nearest = new ArrayList<>();
    for (int i = 0; i < found.indices().length; i++) {
      Xray xray = training.xrays().get(found.indices()[i]);
      String uri = known.get(xray.id());
      if (uri == null) {
        uri = DataUriImage.dataUri(DataUriImage.fitWithin(xray.source().read(), NEAREST_SIDE));
        known.put(xray.id(), uri);
      }
      nearest.add(
          new NearShown(
              new ExampleCases.TrainingNeighbour(xray.id(), xray.finding(), found.distances()[i]),
              uri));
    }
    return nearest;
  }
}
