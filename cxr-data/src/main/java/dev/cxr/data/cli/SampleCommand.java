package dev.cxr.data.cli;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the built-in sample as a folder of images. */
@Command(
    name = "sample",
    description =
        "Write the built-in synthetic sample as a folder of PNG files, laid out like the Kaggle"
            + " dataset. The images are synthetic: they show that the software works and have no medical"
            + " meaning.")
public final class SampleCommand implements Callable<Integer> {

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "runs/sample",
      description = "Folder to create (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs/sample");

  @Override
  public Integer call() throws IOException {
    DatasetIndex sample = DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT);
    try (AtomicFolder folder = AtomicFolder.create(out);
        Progress progress = Progress.start("Drawing", " images", sample.xrays().size())) {
      for (Xray xray : sample.xrays()) {
        Path file = folder.path().resolve(xray.id());
        Files.createDirectories(file.getParent());
        PngEncoder.write(xray.source().read(), file);
        progress.step(1, "");
      }
      folder.commit();
    }
    System.out.printf("%d synthetic images in %s%n", sample.xrays().size(), out);
    return 0;
  }
}
