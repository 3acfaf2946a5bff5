package dev.cxr.eval.report;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.evaluation.CaseImages;
import dev.cxr.eval.evaluation.ExampleCases;
import dev.cxr.models.bundle.Manifest;
import java.util.List;
import java.util.Locale;

/**
 * The example images of the page.
 *
 * @param correct correct predictions, drawn at random
 * @param errors the worst errors
 * @param correctText how many are shown of how many
 * @param errorsText how many are shown of how many
 * @param hasExplanations whether every image has a panel beside it
 * @param hasGradCam whether the panel is Grad-CAM
 * @param decisionSource where the prediction comes from if not from a classification layer
 * @param hasNearest whether errors are shown with their nearest training images
 */
record CasesSection(
    List<CaseView> correct,
    List<CaseView> errors,
    String correctText,
    String errorsText,
    boolean hasExplanations,
    boolean hasGradCam,
    String decisionSource,
    boolean hasNearest) {

  record CaseView(
      String finding,
      String predicted,
      String probability,
      String fileName,
      String image,
      List<CaseImages.Panel> panels,
      List<NearestView> nearest) {}

  record NearestView(String finding, String distance, String fileName, String image) {}

  static CasesSection of(CaseImages images, Manifest manifest) {
    ExampleCases cases = images.cases();
    return new CasesSection(
        images.correct().stream().map(CasesSection::caseView).toList(),
        images.errors().stream().map(CasesSection::caseView).toList(),
        "%d of %d correct predictions.".formatted(cases.correct().size(), cases.correctCount()),
        cases.errorCount() == 0
            ? "There are no errors."
            : "%d of %d errors.".formatted(cases.errors().size(), cases.errorCount()),
        images.all().allMatch(image -> !image.panels().isEmpty()),
        images.all().allMatch(image -> image.panels().size() == 1),
        manifest.knnIndex() == null
            ? "the distance of the embedding from those of normal images"
            : "the votes of the nearest training images, which have no gradient",
        images.errors().stream().anyMatch(image -> !image.nearest().isEmpty()));
  }

  private static CaseView caseView(CaseImages.CaseImage image) {
    ExampleCases.Case example = image.example();
    return new CaseView(
        readableName(example.finding()),
        example.predictedClass(),
        String.format(Locale.ROOT, "%.3f", example.probability()),
        fileName(example.path()),
        image.image(),
        image.panels(),
        image.nearest().stream()
            .map(
                nearest ->
                    new NearestView(
                        readableName(nearest.example().finding()),
                        String.format(Locale.ROOT, "%.4f", nearest.example().distance()),
                        fileName(nearest.example().path()),
                        nearest.image()))
            .toList());
  }

  private static String readableName(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
