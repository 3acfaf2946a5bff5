package dev.cxr.eval.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.image.ImageFileFinder;
import dev.cxr.eval.report.ExplanationReport;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws what a bundle's network looks at in pictures. */
@Command(
    name = "explain",
    description =
        "Draw what a bundle's network looks at in pictures: Grad-CAM over each, and a layer's"
            + " feature maps. It shows what the network looked at, not where a disease is.")
public final class ExplainCommand implements EngineCommand {

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
      paramLabel = "FILE|DIR",
      description =
          "JPEG, PNG, TIFF or DICOM files, or folders that hold such, at most "
              + ImageFileFinder.MAX_EXPLAINED_IMAGES
              + " in all.")
  private List<Path> input = List.of();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description =
          "The class whose evidence is looked for (default: whichever the bundle answers).")
  private @Nullable String className;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description =
          "The layer whose maps are weighed and drawn, one that 'cxr-models summary' lists (default:"
              + " the last before the head).")
  private @Nullable String layer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to make (default: the next free runs/explanation-NNN).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(folder);
    List<Path> images =
        ImageFileFinder.find(input, ImageFileFinder.MAX_EXPLAINED_IMAGES, "--input");
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", "explanation"));
    ExplanationReport report;
    try (AtomicFolder results = AtomicFolder.create(target)) {
      report =
          ExplanationReport.write(
              bundle,
              images,
              Optional.ofNullable(className),
              Optional.ofNullable(layer),
              results.path());
      results.commit();
    }
    report.explanations().forEach(one -> System.out.println(one.line()));
    System.out.println("Grad-CAM shows what the network looked at, not where a disease is.");
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("explanations.json"));
    System.out.println("Research software, not a medical device.");
    return 0;
  }
}
