package dev.cxr.eval.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.knn.KnnBundle;
import dev.cxr.eval.knn.KnnBundleBuilder;
import dev.cxr.eval.metrics.knn.LeaveOnePatientOut;
import dev.cxr.eval.report.MetricText;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.knn.VoteWeighting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a bundle that classifies by a vote of the nearest training images. */
@Command(
    name = "knn",
    description =
        "Create a bundle that classifies by a vote of the k nearest training images. k is chosen on"
            + " train, leaving out the patient of each image, the threshold on validation. The new bundle"
            + " is used like any other.")
public final class KnnCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle whose network computes the features.")
  private Path folder = Path.of("");

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--features",
      defaultValue = "embeddings",
      description =
          "The features to compare, one of ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private KnnIndex.FeatureKind features = KnnIndex.FeatureKind.EMBEDDINGS;

  @Option(
      names = "--k",
      paramLabel = "K",
      split = ",",
      defaultValue = "1,3,5,7,9,11,15,21,31",
      description =
          "Candidate numbers of neighbours, of which the best is chosen (default: ${DEFAULT-VALUE}).")
  private List<Integer> candidateKs = List.of();

  @Option(
      names = "--weighting",
      defaultValue = "uniform",
      description =
          "The weight of each neighbour, one of ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private VoteWeighting weighting = VoteWeighting.UNIFORM;

  @Option(
      names = "--distance",
      defaultValue = "euclidean",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private DistanceMetric distance = DistanceMetric.EUCLIDEAN;

  @Option(
      names = "--threshold",
      paramLabel = "RULE",
      defaultValue = "youden",
      converter = ThresholdSourceConverter.class,
      description =
          "How the threshold is chosen on validation: 'youden', 'sensitivity=0.95' or 'cost=5'"
              + " (default: ${DEFAULT-VALUE}).")
  private ThresholdSource threshold = new ThresholdSource(Optional.empty());

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to create.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (candidateKs.isEmpty() || candidateKs.stream().anyMatch(k -> k < 1)) {
      throw UsageErrorException.of(
          "numbers of at least 1 with --k", candidateKs.toString(), "Give for example --k 5.");
    }
    threshold.requireRule("was not chosen for votes");
    Bundle bundle = Bundle.open(folder);
    DatasetIndex dataset = BundleDataset.open(data, bundle);
    KnnBundle knnBundle;
    try (AtomicFolder made = AtomicFolder.create(out)) {
      knnBundle =
          new KnnBundleBuilder(features, distance, weighting, candidateKs, threshold)
              .write(bundle, dataset, made.path());
      made.commit();
    }
    print(knnBundle);
    return 0;
  }

  private void print(KnnBundle knnBundle) {
    Manifest manifest = knnBundle.manifest();
    System.out.printf(
        Locale.ROOT,
        "%d training images of %s by the %s of %s, %s weights%n%n",
        knnBundle.index().exampleCount(),
        knnBundle.index().dataset(),
        readableName(distance) + " distance",
        readableName(features),
        readableName(weighting));
    for (LeaveOnePatientOut.Candidate candidate : knnBundle.kSelection().candidates()) {
      System.out.printf(
          Locale.ROOT,
          "  k %4d   balanced accuracy %s%s%n",
          candidate.k(),
          MetricText.plain(candidate.balancedAccuracy()),
          candidate.k() == knnBundle.index().vote().k() ? "   chosen" : "");
    }
    System.out.printf("%nOn validation, where the threshold was chosen:%n%n");
    System.out.println(
        ReportText.of(knnBundle.validation(), manifest.task(), manifest.threshold().rule()));
    knnBundle.notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.println(
        "Note: The bundle holds a feature vector of each training image, from which parts of the image"
            + " could be reconstructed.");
    System.out.println("Bundle: " + out);
    System.out.println("Research software, not a medical device.");
  }

  private static String readableName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
