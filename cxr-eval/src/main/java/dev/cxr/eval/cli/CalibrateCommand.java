package dev.cxr.eval.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.eval.calibration.SiteCalibrator;
import dev.cxr.eval.evaluation.ThresholdChoice;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
import dev.cxr.eval.metrics.unlabelled.GaussianMixture;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a bundle whose operating point fits a site. */
@Command(
    name = "calibrate",
    description =
        "Fit a bundle's operating point to the pictures of a site. Without labels the threshold is set"
            + " where the pictures' logits part into two groups; with a few dozen findings temperature"
            + " and threshold are chosen on them. The new bundle says so, and its figures are told"
            + " apart from those of the plain protocol.")
public final class CalibrateCommand implements EngineCommand {

  private static final String NO_LABELS = "none";

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle whose operating point is to be fitted; it stays as it is.")
  private Path folder = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "LOCAL",
      description =
          "The site's pictures: a folder that holds JPEG, PNG, TIFF or DICOM files at any depth.")
  private Path data = Path.of("");

  @Option(
      names = "--labels",
      paramLabel = "none|FILE",
      defaultValue = NO_LABELS,
      description =
          "'none', whatever the folders are called, or a .csv manifest path,finding of those pictures"
              + " whose findings are known, with paths relative to it (default:"
              + " ${DEFAULT-VALUE}).")
  private String labels = NO_LABELS;

  @Option(
      names = "--sides",
      defaultValue = "unknown",
      description =
          "Without labels: 'both' if you know that at least a tenth of the pictures are normal and a"
              + " tenth are not; the logits need not show it then (default: ${DEFAULT-VALUE}).")
  private ClassPresence classesPresent = ClassPresence.UNKNOWN;

  @Option(
      names = "--threshold",
      paramLabel = "RULE",
      converter = ThresholdChoice.Converter.class,
      description =
          "How the threshold is chosen on labelled pictures: 'youden', 'sensitivity=0.95' or 'cost=5'"
              + " (default: youden).")
  private Optional<ThresholdChoice> threshold = Optional.empty();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to make.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (labels.equals(NO_LABELS) && threshold.isPresent()) {
      throw UserErrorException.ofUsage(
          "--threshold with --labels FILE only",
          "it with --labels none, where no figure can be aimed at",
          "Leave it away, or give findings.");
    }
    if (!labels.equals(NO_LABELS) && classesPresent == ClassPresence.BOTH) {
      throw UserErrorException.ofUsage(
          "--sides both without findings only",
          "it with --labels " + labels,
          "Leave it away: the findings tell.");
    }
    threshold.ifPresent(choice -> choice.requireRule("stands already"));
    Bundle bundle = Bundle.open(folder);
    SiteCalibrator.requireCalibratable(bundle);
    SiteCalibrator calibrator;
    String id;
    try (AtomicFolder made = AtomicFolder.create(out);
        Classifier classifier = Classifier.load(bundle)) {
      calibrator = fit(bundle, classifier);
      BundleWriter.writeCalibrated(
          made.path(), calibrator.calibratedManifest(bundle), bundle, classifier);
      id = Bundle.open(made.path()).id();
      made.commit();
    }
    print(bundle.manifest(), calibrator, id);
    return 0;
  }

  private SiteCalibrator fit(Bundle bundle, Classifier classifier) throws IOException {
    return labels.equals(NO_LABELS)
        ? SiteCalibrator.fitUnlabelled(bundle, classifier, data, classesPresent)
        : SiteCalibrator.fitLabelled(
            bundle,
            classifier,
            data,
            Path.of(labels),
            threshold.flatMap(ThresholdChoice::rule).orElseGet(ThresholdRule.Youden::new));
  }

  private void print(Manifest before, SiteCalibrator calibrator, String id) {
    calibrator.mixture().ifPresent(mixture -> print(mixture, calibrator.images(), classesPresent));
    calibrator.report().ifPresent(report -> print(report, before, calibrator));
    System.out.printf(
        Locale.ROOT,
        "  threshold    %.4f, before %.4f%n  temperature  %.4f, before %.4f%n%n",
        calibrator.threshold().value(),
        before.threshold().value(),
        calibrator.temperature(),
        before.temperature());
    calibrator.notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.println(
        "Note: Calibrated on a site: its figures are not those of the plain protocol, and hold for"
            + " that site.");
    System.out.printf("Bundle: %s (%s)%n", out, id);
    System.out.println("Research software, not a medical device.");
  }

  private static void print(GaussianMixture mixture, int images, ClassPresence classPresence) {
    System.out.printf(
        Locale.ROOT,
        "%d unlabelled pictures, whose logits %s (one group: p %.3f):%n%n"
            + "  lower        %.0f %%, around %.2f%n"
            + "  upper        %.0f %%, around %.2f%n"
            + "  spread       %.2f%n",
        images,
        classPresence == ClassPresence.BOTH
            ? "are taken for two groups, as was told"
            : "fall into two groups",
        mixture.unimodalP(),
        100 * (1 - mixture.highShare()),
        mixture.lowMean(),
        100 * mixture.highShare(),
        mixture.highMean(),
        mixture.standardDeviation());
  }

  private static void print(BinaryMetrics report, Manifest before, SiteCalibrator calibrator) {
    System.out.printf("The %d labelled pictures, which chose both:%n%n", calibrator.images());
    System.out.println(ReportText.of(report, before.task(), calibrator.threshold().rule()));
    System.out.printf(
        "Note: n is %d, and these figures flatter: they are of the pictures that chose the threshold."
            + " Their intervals tell how little so few can settle.%n%n",
        calibrator.images());
  }
}
