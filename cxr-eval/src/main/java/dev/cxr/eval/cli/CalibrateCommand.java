package dev.cxr.eval.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.eval.calibration.SiteCalibrator;
import dev.cxr.eval.calibration.SiteOperatingPoint;
import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
import dev.cxr.eval.metrics.unlabelled.GaussianMixture;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.BundleWriter;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.cli.InferenceEngineOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a bundle whose operating point is calibrated on the images of a site. */
@Command(
    name = "calibrate",
    description =
        "Calibrate the operating point of a bundle on the images of a site. Without labels the threshold"
            + " separates the two groups that the logits form; with a few dozen labels they choose"
            + " temperature and threshold. The new bundle records it, and its metrics are reported"
            + " separately.")
public final class CalibrateCommand implements EngineCommand {

  private static final String NO_LABELS = "none";

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle to calibrate; it is not changed.")
  private Path folder = Path.of("");

  @Option(
      names = "--data",
      required = true,
      paramLabel = "LOCAL",
      description = "The site's images: a folder with JPEG, PNG, TIFF or DICOM files at any depth.")
  private Path data = Path.of("");

  @Option(
      names = "--labels",
      paramLabel = "none|FILE",
      defaultValue = NO_LABELS,
      description =
          "'none' (folder names are ignored), or a CSV file path,finding of the labelled images, with"
              + " paths relative to it (default: ${DEFAULT-VALUE}).")
  private String labels = NO_LABELS;

  @Option(
      names = "--classes-present",
      defaultValue = "unknown",
      description =
          "Without labels: 'both' if at least a tenth of the images are known to be normal and a tenth"
              + " abnormal; the dip test is then skipped (default: ${DEFAULT-VALUE}).")
  private ClassPresence classesPresent = ClassPresence.UNKNOWN;

  @Option(
      names = "--threshold",
      paramLabel = "RULE",
      converter = ThresholdSourceConverter.class,
      description =
          "How the threshold is chosen on labelled images: 'youden', 'sensitivity=0.95' or 'cost=5'"
              + " (default: youden).")
  private Optional<ThresholdSource> threshold = Optional.empty();

  @Mixin private InferenceEngineOption engine = new InferenceEngineOption();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to create.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    engine.use();
    if (labels.equals(NO_LABELS) && threshold.isPresent()) {
      throw UsageErrorException.of(
          "--labels FILE with --threshold", "--labels none", "Give labels, or omit --threshold.");
    }
    if (!labels.equals(NO_LABELS) && classesPresent == ClassPresence.BOTH) {
      throw UsageErrorException.of(
          "--labels none with --classes-present both",
          "--labels " + labels,
          "Omit --classes-present: the labels show which classes are present.");
    }
    threshold.ifPresent(choice -> choice.requireRule("needs no calibration"));
    Bundle bundle = Bundle.open(folder);
    SiteCalibrator.requireOriginal(bundle);
    SiteOperatingPoint fitted;
    String id;
    try (AtomicFolder made = AtomicFolder.create(out);
        Classifier classifier = Classifier.load(bundle)) {
      fitted = fit(new SiteCalibrator(bundle, classifier, data));
      BundleWriter.writeDerived(made.path(), fitted.manifest(bundle), classifier.model(), bundle);
      id = Bundle.open(made.path()).id();
      made.commit();
    }
    print(bundle.manifest(), fitted, id);
    return 0;
  }

  private SiteOperatingPoint fit(SiteCalibrator calibrator) throws IOException {
    return labels.equals(NO_LABELS)
        ? calibrator.fitUnlabelled(classesPresent)
        : calibrator.fitLabelled(
            Path.of(labels),
            threshold.flatMap(ThresholdSource::rule).orElseGet(ThresholdRule.Youden::new));
  }

  private void print(Manifest before, SiteOperatingPoint fitted, String id) {
    fitted.mixture().ifPresent(mixture -> print(mixture, fitted.images(), classesPresent));
    fitted.report().ifPresent(report -> print(report, before, fitted));
    System.out.printf(
        Locale.ROOT,
        "  threshold    %.4f, before %.4f%n  temperature  %.4f, before %.4f%n%n",
        fitted.threshold().value(),
        before.threshold().value(),
        fitted.temperature(),
        before.temperature());
    fitted.notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.println(
        "Note: Calibrated on a site: its metrics hold for that site only and are not comparable with"
            + " those of uncalibrated bundles.");
    System.out.printf("Bundle: %s (%s)%n", out, id);
    System.out.println("Research software, not a medical device.");
  }

  private static void print(GaussianMixture mixture, int images, ClassPresence classPresence) {
    System.out.printf(
        Locale.ROOT,
        "%d unlabelled images, whose logits %s (dip test p %.3f):%n%n"
            + "  lower        %.0f %%, around %.2f%n"
            + "  upper        %.0f %%, around %.2f%n"
            + "  deviation    %.2f%n",
        images,
        classPresence == ClassPresence.BOTH ? "are assumed to form two groups" : "form two groups",
        mixture.unimodalP(),
        100 * (1 - mixture.highShare()),
        mixture.lowMean(),
        100 * mixture.highShare(),
        mixture.highMean(),
        mixture.standardDeviation());
  }

  private static void print(BinaryMetrics report, Manifest before, SiteOperatingPoint fitted) {
    System.out.printf("On the %d labelled images, where both were chosen:%n%n", fitted.images());
    System.out.println(ReportText.of(report, before.task(), fitted.threshold().rule()));
    System.out.printf(
        "Note: n is %d, and these metrics are biased upwards: the threshold was chosen on the same"
            + " images.%n%n",
        fitted.images());
  }
}
