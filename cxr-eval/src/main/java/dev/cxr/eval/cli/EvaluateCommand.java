package dev.cxr.eval.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.common.runtime.Workload;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.eval.evaluation.ClassSources;
import dev.cxr.eval.evaluation.Evaluation;
import dev.cxr.eval.evaluation.EvaluationData;
import dev.cxr.eval.evaluation.EvaluationDepth;
import dev.cxr.eval.evaluation.EvaluationSplit;
import dev.cxr.eval.evaluation.ThresholdSource;
import dev.cxr.eval.prediction.AsyncModelLoader;
import dev.cxr.eval.report.EvaluationFigures;
import dev.cxr.eval.report.EvaluationWriter;
import dev.cxr.eval.report.ReportText;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.SiteCalibration;
import dev.cxr.models.cli.InferenceEngineOption;
import dev.cxr.models.cli.PrecisionOption;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Evaluates a bundle on a split of a dataset. */
@Command(
    name = "evaluate",
    description =
        "Evaluate a bundle on a split. Prints the main metrics and writes report.html, metrics.json and"
            + " predictions.csv.")
public final class EvaluateCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder that 'train' printed.")
  private Path folder = Path.of("");

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private InferenceEngineOption engine = new InferenceEngineOption();

  @Mixin private PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--split",
      defaultValue = "test",
      description =
          "One of ${COMPLETION-CANDIDATES}; all for a dataset that the bundle was not trained on"
              + " (default: ${DEFAULT-VALUE}).")
  private EvaluationSplit split = EvaluationSplit.TEST;

  @Option(
      names = "--train-data",
      paramLabel = "PATH",
      description =
          "The dataset that the bundle was trained on, if --data is another one. Supplies the training"
              + " and validation images.")
  private @Nullable String trainData;

  @Option(
      names = "--separate-sources",
      description =
          "The classes come from different sources: report no metric that mixes the classes.")
  private boolean separateSources;

  @Option(
      names = "--threshold",
      paramLabel = "RULE",
      defaultValue = "bundle",
      converter = ThresholdSourceConverter.class,
      description =
          "The bundle's own threshold ('bundle'), or one chosen on validation: 'youden',"
              + " 'sensitivity=0.95' (the highest threshold with this sensitivity) or 'cost=5' (a false"
              + " negative costs five false positives) (default: ${DEFAULT-VALUE}).")
  private ThresholdSource threshold = new ThresholdSource(Optional.empty());

  @Option(
      names = "--quick",
      description =
          "Skip the slow parts: audit, robustness, trained baselines, out-of-distribution distances"
              + " and nearest training images.")
  private boolean quick;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to create (default: the next free runs/evaluation-NNN).")
  private @Nullable Path out;

  @Option(
      names = "--figures",
      paramLabel = "DIR",
      description =
          "Folder to create with figures for a paper, one journal column wide, as SVG, PNG (300 dpi)"
              + " and PDF: ROC, precision-recall and calibration curves, confusion matrices, training"
              + " curves.")
  private @Nullable Path figures;

  @Override
  public Workload workload() {
    return quick ? Workload.INFERENCE_ONLY : Workload.MIXED;
  }

  @Override
  public Integer call() throws IOException {
    engine.use();
    precision.use();
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", "evaluation"));
    requireApart(target, figures);
    Bundle bundle = Bundle.open(folder);
    try (AsyncModelLoader loader = AsyncModelLoader.start(bundle)) {
      EvaluationData evaluationData = evaluationData(bundle);
      try (AtomicFolder results = AtomicFolder.create(target);
          AtomicFolder paper = figures == null ? null : AtomicFolder.create(figures)) {
        Evaluation evaluation =
            Evaluation.of(
                bundle,
                loader,
                evaluationData,
                threshold,
                quick ? EvaluationDepth.QUICK : EvaluationDepth.FULL);
        EvaluationWriter.write(evaluation, results.path());
        results.commit();
        print(evaluation, target);
        if (paper != null && figures != null) {
          EvaluationFigures.WrittenFigures written =
              EvaluationFigures.write(evaluation, paper.path());
          paper.commit();
          print(written, figures);
        }
      }
    }
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static void requireApart(Path out, @Nullable Path figures) {
    if (figures != null) {
      Path first = out.toAbsolutePath().normalize();
      Path second = figures.toAbsolutePath().normalize();
      if (first.startsWith(second) || second.startsWith(first)) {
        throw UsageErrorException.of(
            "--figures outside the folder of --out, and --out outside that of --figures",
            "--out %s --figures %s".formatted(out, figures),
            "Choose another folder for the figures.");
      }
    }
  }

  private EvaluationData evaluationData(Bundle bundle) throws IOException {
    return new EvaluationData(
        BundleDataset.open(data, bundle),
        split,
        trainData == null
            ? Optional.empty()
            : Optional.of(
                DatasetReader.read(
                    trainData, Optional.empty(), bundle.manifest().data().options())),
        separateSources ? ClassSources.SEPARATE : ClassSources.SHARED);
  }

  private static void print(Evaluation evaluation, Path target) {
    Bundle bundle = evaluation.bundle();
    System.out.printf(
        Locale.ROOT,
        "%s (bundle %s) on the %s split of %s: %d images of %d patients%n%n",
        bundle.manifest().name(),
        bundle.id(),
        evaluation.split(),
        evaluation.data().name(),
        evaluation.evaluatedPredictions().size(),
        evaluation.patients());
    System.out.println(
        ReportText.of(
            evaluation.metrics().binary(),
            evaluation.settings().task(),
            evaluation.settings().thresholdRule()));
    if (evaluation.settings().task().classes().size() > 2) {
      System.out.println(ReportText.of(evaluation.metrics().multiClass()));
    }
    SiteCalibration calibration = bundle.manifest().calibration();
    if (calibration != null) {
      System.out.println("Note: " + calibration.notice());
    }
    evaluation.data().notices().forEach(notice -> System.out.println("Note: " + notice));
    System.out.printf(
        "Took %.1f s, of which inference took %.1f s.%n",
        ManagementFactory.getRuntimeMXBean().getUptime() / 1e3,
        evaluation.inferenceTime().toMillis() / 1e3);
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("metrics.json"));
    System.out.println("         " + target.resolve("predictions.csv"));
  }

  private static void print(EvaluationFigures.WrittenFigures written, Path folder) {
    System.out.printf("Figures: %s, each as .svg, .png and .pdf%n", folder);
    System.out.println("         " + String.join(", ", written.names()));
    written.omitted().forEach(reason -> System.out.println("Left out: " + reason));
  }
}
