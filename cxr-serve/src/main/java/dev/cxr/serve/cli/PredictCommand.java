package dev.cxr.serve.cli;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.data.cli.UnreadableFiles;
import dev.cxr.data.image.FoundImages;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.cli.InferenceEngineOption;
import dev.cxr.models.cli.PrecisionOption;
import dev.cxr.serve.folder.FolderPredictor;
import dev.cxr.serve.folder.FolderPredictor.FolderSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts image files and folders of images. */
@Command(
    name = "predict",
    description = {
      "Predict images into a CSV file: path, probabilities, decision at the bundle's threshold.",
      "After an interruption, the same command resumes. Unreadable files are listed at the end; the"
          + " exit code is their number, at most 125."
    })
public final class PredictCommand implements EngineCommand {

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder, as printed at the end of training.")
  private Path bundleFolder = Path.of("");

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description =
          "Image files (JPEG, PNG, TIFF, DICOM), and folders that are searched for them, whatever"
              + " the files are called.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      defaultValue = "predictions.csv",
      description = "The CSV file to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("predictions.csv");

  @Option(
      names = "--heatmaps",
      paramLabel = "DIR",
      description = "Also write each image with its Grad-CAM heatmap into this folder, as PNG.")
  private Optional<Path> heatmaps = Optional.empty();

  @Mixin private InferenceEngineOption engine = new InferenceEngineOption();

  @Mixin private PrecisionOption precision = new PrecisionOption();

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    engine.use();
    precision.use();
    Bundle bundle = Bundle.open(bundleFolder);
    FoundImages found = ImageFinder.find(inputs, Integer.MAX_VALUE, "--input");
    FolderSummary summary = new FolderPredictor(bundle, out, heatmaps).predict(found.images());
    if (summary.resumed() > 0) {
      System.out.printf("Resumed: %d were predicted earlier.%n", summary.resumed());
    }
    System.out.printf(
        Locale.ROOT,
        "Predicted %d %s in %.1f s%s, by %s.%n",
        summary.predicted(),
        summary.predicted() == 1 ? "image" : "images",
        summary.seconds(),
        summary.predicted() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %.1f ms each", 1e3 * summary.seconds() / summary.predicted()),
        summary.computation());
    found.summary().ifPresent(System.out::println);
    System.out.println("Written: " + out);
    heatmaps.ifPresent(path -> System.out.println("         " + path));
    if (bundle.manifest().data().synthetic()) {
      System.out.println(ServeCommand.SYNTHETIC_NOTICE);
    }
    System.out.println("Research software, not a medical device.");
    return UnreadableFiles.report(found.unreadable(), summary.unreadable());
  }
}
