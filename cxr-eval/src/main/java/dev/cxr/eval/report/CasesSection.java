package dev.cxr.eval.report;

import dev.cxr.data.index.Finding;
import dev.cxr.eval.evaluation.CaseImages;
import dev.cxr.eval.evaluation.ExampleCases;
import dev.cxr.models.bundle.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Single pictures, as the page shows them.
 *
 * @param correct right answers drawn at random
 * @param errors the worst errors
 * @param correctText how many of how many
 * @param errorsText how many of how many
 * @param hasExplanations whether something could be drawn beside each picture
 * @param hasGradCam whether that is Grad-CAM
 * @param decisionSource what decides where no classifying network does
 * @param hasNearest whether errors stand beside their nearest training pictures
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
        "%d of %d right answers.".formatted(cases.correct().size(), cases.correctCount()),
        cases.errorCount() == 0
            ? "There is no error."
            : "%d of %d errors.".formatted(cases.errors().size(), cases.errorCount()),
        Stream.concat(images.correct().stream(), images.errors().stream())
            .allMatch(shown -> !shown.panels().isEmpty()),
        Stream.concat(images.correct().stream(), images.errors().stream())
            .allMatch(shown -> shown.panels().size() == 1),
        manifest.knnIndex() == null
            ? "how unlike normal pictures one is, by its embedding"
            : "the votes of neighbours, which have no gradient to follow",
        images.errors().stream().anyMatch(shown -> !shown.nearest().isEmpty()));
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
