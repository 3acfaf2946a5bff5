package dev.cxr.serve.cli;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a bundle's model in another format. */
@Command(
    name = "export",
    description = {
      "Export the model of a bundle as an ONNX file, for programs without Java or PyTorch.",
      "Its input 'images' is (N, 1, side, side) float32 in [0, 1], its output 'probabilities' (N,"
          + " classes) float32. Metadata name the classes and the operating threshold. The file is"
          + " written after its predictions in ONNX Runtime were compared with the bundle's."
    })
public final class ExportCommand implements EngineCommand {

  /** The formats. */
  private enum Format {
    ONNX;

    @Override
    public String toString() {
      return "onnx";
    }
  }

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder, as printed at the end of training.")
  private Path bundleFolder = Path.of("");

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "onnx",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.ONNX;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write (default: NAME-ID.onnx).")
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(bundleFolder);
    Path file =
        out.orElse(Path.of("%s-%s.%s".formatted(bundle.manifest().name(), bundle.id(), format)));
    double difference;
    try (Classifier classifier = Classifier.load(bundle)) {
      difference = OnnxExporter.export(bundle, classifier.block(), classifier.manager(), file);
    }
    System.out.printf(
        "Exported %s (bundle %s) as %s%nProbabilities of ONNX Runtime and PyTorch differ by at most"
            + " %.1e.%n",
        bundle.manifest().name(), bundle.id(), file, difference);
    return 0;
  }
}
