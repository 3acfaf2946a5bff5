package dev.cxr.eval;

import dev.cxr.data.index.Finding;
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
 * @param explained whether something could be drawn beside each picture
 * @param gradCam whether that is Grad-CAM
 * @param decidedBy what decides where no classifying network does
 * @param nearestKnown whether errors stand beside their nearest training pictures
 */
record CasesSection(
    List<CaseShown> correct,
    List<CaseShown> errors,
    String correctText,
    String errorsText,
    boolean explained,
    boolean gradCam,
    String decidedBy,
    boolean nearestKnown) {

  record CaseShown(
      String finding,
      String answer,
      String probability,
      String fileName,
      String picture,
      List<CaseImages.Panel> panels,
      List<NearShown> nearest) {}

  record NearShown(String finding, String distance, String fileName, String picture) {}

  static CasesSection of(CaseImages images, Manifest manifest) {
    ExampleCases cases = images.cases();
    return new CasesSection(
        images.correct().stream().map(CasesSection::shown).toList(),
        images.errors().stream().map(CasesSection::shown).toList(),
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

  private static CaseShown shown(CaseImages.Shown shown) {
    ExampleCases.Case about = shown.about();
    return new CaseShown(
        words(about.finding()),
        about.predictedClass(),
        String.format(Locale.ROOT, "%.3f", about.probability()),
        fileName(about.path()),
        shown.picture(),
        shown.panels(),
        shown.nearest().stream()
            .map(
                near ->
                    new NearShown(
                        words(near.about().finding()),
                        String.format(Locale.ROOT, "%.4f", near.about().distance()),
                        fileName(near.about().path()),
                        near.picture()))
            .toList());
  }

  private static String words(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String fileName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
