package dev.cxr.serve;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.folder.FolderPrediction;
import dev.cxr.serve.folder.FolderPrediction.Outcome;
import dev.cxr.serve.folder.Pictures;
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
final class PredictCommand implements EngineCommand {

  /** Shells give those above a meaning of their own. */
  private static final int HIGHEST_EXIT_CODE = 125;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder that training printed at its end.")
  private Path folder = Path.of("");

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
    Bundle bundle = Bundle.open(folder);
    Pictures pictures = Pictures.in(inputs);
    if (pictures.skipped() > 0) {
      System.out.printf(
          "Note: %d %s left aside that by name %s no picture.%n",
          pictures.skipped(),
          pictures.skipped() == 1 ? "file" : "files",
          pictures.skipped() == 1 ? "is" : "are");
    }
    Outcome outcome = new FolderPrediction(bundle, out, heatmaps).predict(pictures.files());
    if (outcome.kept() > 0) {
      System.out.printf("%d had been predicted before.%n", outcome.kept());
    }
    System.out.printf(
        Locale.ROOT,
        "Predicted %d %s in %.1f s%s.%n",
        outcome.predicted(),
        outcome.predicted() == 1 ? "picture" : "pictures",
        outcome.seconds(),
        outcome.predicted() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %.1f ms each", 1e3 * outcome.seconds() / outcome.predicted()));
    System.out.println("Written: " + out);
    heatmaps.ifPresent(written -> System.out.println("         " + written));
    if (bundle.manifest().data().synthetic()) {
      System.out.println(
          "It learned from the built-in synthetic sample: its answers say nothing about medicine.");
    }
    System.out.println("Research software, not a medical device.");
    if (!outcome.bad().isEmpty()) {
      System.err.printf("%d could not be read:%n", outcome.bad().size());
      outcome.bad().forEach(line -> System.err.println("  " + line));
    }
    return Math.min(outcome.bad().size(), HIGHEST_EXIT_CODE);
  }
}
