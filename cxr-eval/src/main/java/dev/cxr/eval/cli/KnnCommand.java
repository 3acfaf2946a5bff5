package dev.cxr.eval.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.eval.evaluation.ThresholdChoice;
import dev.cxr.eval.knn.KnnBundle;
import dev.cxr.eval.knn.KnnBundleBuilder;
import dev.cxr.eval.metrics.knn.LeavePatientOut;
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

/** Makes a bundle whose classes are voted by the nearest training pictures. */
@Command(
    name = "index",
    description =
        "Make a bundle whose classes are voted by the nearest training pictures, as a bundle's network"
            + " sees them. Their number is chosen on train with each patient left out, the threshold on"
            + " validation. Whatever reads a bundle reads the new one too.")
public final class KnnCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle whose network is to be used.")
  private Path folder = Path.of("");

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--over",
      defaultValue = "embeddings",
      description =
          "What of a picture is compared, one of ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private KnnIndex.FeatureKind features = KnnIndex.FeatureKind.EMBEDDINGS;

  @Option(
      names = "--k",
      paramLabel = "K",
      split = ",",
      defaultValue = "1,3,5,7,9,11,15,21,31",
      description =
          "How many neighbours vote; the best of several is chosen (default: ${DEFAULT-VALUE}).")
  private List<Integer> candidateKs = List.of();

  @Option(
      names = "--weighting",
      defaultValue = "uniform",
      description =
          "How much each neighbour counts, one of ${COMPLETION-CANDIDATES} (default:"
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
      converter = ThresholdChoice.Converter.class,
      description =
          "How the threshold is chosen on validation: 'youden', 'sensitivity=0.95' or 'cost=5'"
              + " (default: ${DEFAULT-VALUE}).")
  private ThresholdChoice threshold = new ThresholdChoice(Optional.empty());

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to make.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (candidateKs.isEmpty() || candidateKs.stream().anyMatch(k -> k < 1)) {
      throw UserErrorException.ofUsage(
          "numbers of neighbours of at least 1 with --k", candidateKs.toString(), "5 is usual.");
    }
    threshold.requireRule("is not for votes");
    Bundle bundle = Bundle.open(folder);
    DatasetIndex catalogue = BundleDataset.open(data, bundle);
    KnnBundle knnBundle;
    try (AtomicFolder made = AtomicFolder.create(out)) {
      knnBundle =
          new KnnBundleBuilder(features, distance, weighting, candidateKs, threshold)
              .write(bundle, catalogue, made.path());
      made.commit();
    }
    print(knnBundle);
    return 0;
  }

  private void print(KnnBundle knnBundle) {
    Manifest manifest = knnBundle.manifest();
    System.out.printf(
        Locale.ROOT,
        "%d training pictures of %s by the %s of %s, %s weights%n%n",
        knnBundle.index().exampleCount(),
        knnBundle.index().dataset(),
        readableName(distance) + " distance",
        readableName(features),
        readableName(weighting));
    for (LeavePatientOut.Candidate candidate : knnBundle.kSelection().candidates()) {
      System.out.printf(
          Locale.ROOT,
          "  k %4d   balanced accuracy %s%s%n",
          candidate.k(),
          MetricText.plain(candidate.balancedAccuracy()),
          candidate.k() == knnBundle.index().vote().k() ? "   chosen" : "");
    }
    System.out.printf("%nValidation, which chose the threshold:%n%n");
    System.out.println(
        ReportText.of(knnBundle.validation(), manifest.task(), manifest.threshold().rule()));
    knnBundle.notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.println(
        "Note: The bundle holds a vector for each training picture, from which something of it can"
            + " be reconstructed.");
    System.out.println("Bundle: " + out);
    System.out.println("Research software, not a medical device.");
  }

  private static String readableName(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
