package dev.cxr.serve.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.folder.FolderPredictor;
import dev.cxr.serve.folder.FolderPredictor.FolderSummary;
import dev.cxr.serve.folder.ImageInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Predicts a folder of pictures. */
@Command(
    name = "predict",
    description = {
      "Predict pictures into a CSV file: path, probabilities, decision at the bundle's threshold.",
      "Interrupted, the same command goes on where it was. Files that cannot be read are listed at"
          + " the end; the exit code is their number, at most 125."
    })
public final class PredictCommand implements EngineCommand {

  /** Shells give those above a meaning of their own. */
  private static final int MAX_EXIT_CODE = 125;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder that training printed at its end.")
  private Path bundleFolder = Path.of("");

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Pictures (JPEG, PNG, TIFF, DICOM), and folders that hold some.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      defaultValue = "predictions.csv",
      description = "The file to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("predictions.csv");

  @Option(
      names = "--heatmaps",
      paramLabel = "DIR",
      description = "Also write each picture with its Grad-CAM heatmap here, as PNG.")
  private Optional<Path> heatmaps = Optional.empty();

  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Bundle bundle = Bundle.open(bundleFolder);
    ImageInputs images = ImageInputs.find(inputs);
    if (images.skipped() > 0) {
      System.out.printf(
          "Note: %d %s left aside that by name %s no picture.%n",
          images.skipped(),
          images.skipped() == 1 ? "file" : "files",
          images.skipped() == 1 ? "is" : "are");
    }
    FolderSummary summary = new FolderPredictor(bundle, out, heatmaps).predict(images.files());
    if (summary.resumed() > 0) {
      System.out.printf("%d had been predicted before.%n", summary.resumed());
    }
    System.out.printf(
        Locale.ROOT,
        "Predicted %d %s in %.1f s%s.%n",
        summary.predicted(),
        summary.predicted() == 1 ? "picture" : "pictures",
        summary.seconds(),
        summary.predicted() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %.1f ms each", 1e3 * summary.seconds() / summary.predicted()));
    System.out.println("Written: " + out);
    heatmaps.ifPresent(path -> System.out.println("         " + path));
    if (bundle.manifest().data().synthetic()) {
      System.out.println(
          "It learned from the built-in synthetic sample: its answers say nothing about medicine.");
    }
    System.out.println("Research software, not a medical device.");
    if (!summary.unreadable().isEmpty()) {
      System.err.printf("%d could not be read:%n", summary.unreadable().size());
      summary.unreadable().forEach(line -> System.err.println("  " + line));
    }
    return Math.min(summary.unreadable().size(), MAX_EXIT_CODE);
  }
}
