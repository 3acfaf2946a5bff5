package dev.cxr.eval.cli;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.UnreadableFiles;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.FoundImages;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.eval.report.ExplanationReport;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Explains predictions by Grad-CAM and feature maps. */
@Command(
    name = "explain",
    description =
        "Explain the predictions of a bundle: Grad-CAM over each image, and a layer's feature maps."
            + " Grad-CAM shows what the network looked at, not where a disease is.")
public final class ExplainCommand implements EngineCommand {

  /** More would not fit on one page. */
  private static final int MAX_IMAGES = 500;

  @Option(
      names = "--bundle",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder that 'train' printed.")
  private Path folder = Path.of("");

  @Option(
      names = "--input",
      required = true,
      arity = "1..*",
      paramLabel = "FILE|DIR",
      description =
          "JPEG, PNG, TIFF or DICOM files, or folders that contain them; at most "
              + MAX_IMAGES
              + " in total.")
  private List<Path> input = List.of();

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "The class to explain (default: the predicted class).")
  private @Nullable String className;

  @Option(
      names = "--layer",
      paramLabel = "LAYER",
      description =
          "The layer to explain, one that 'summary' lists (default: the last before the head).")
  private @Nullable String layer;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to create (default: the next free runs/explanation-NNN).")
  private @Nullable Path out;

  @Override
  public Integer call() throws IOException {
    Bundle bundle = Bundle.open(folder);
    FoundImages found = ImageFinder.find(input, MAX_IMAGES, "--input");
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", "explanation"));
    ExplanationReport report;
    try (AtomicFolder results = AtomicFolder.create(target)) {
      report =
          ExplanationReport.write(
              bundle,
              found.images().stream().map(FoundImage::path).toList(),
              Optional.ofNullable(className),
              Optional.ofNullable(layer),
              results.path());
      results.commit();
    }
    report.explanations().forEach(one -> System.out.println(one.line()));
    found.summary().ifPresent(System.out::println);
    System.out.println("Grad-CAM shows what the network looked at, not where a disease is.");
    System.out.println("Written: " + target.resolve("report.html"));
    System.out.println("         " + target.resolve("explanations.json"));
    System.out.println("Research software, not a medical device.");
    return UnreadableFiles.report(found.unreadable(), report.unreadable());
  }
}
