package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.augment.ContactSheet;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the effect of augmentation on one image. */
@Command(
    name = "augment",
    description =
        "Draw the effect of augmentation on one X-ray: a row for each kind, the stored image first,"
            + " then from the minimum to the maximum of an example range.")
public final class AugmentCommand implements Callable<Integer> {

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "A JPEG, PNG, TIFF or DICOM file (default: an image of the built-in sample).")
  private @Nullable Path image;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "runs/augment.png",
      description = "PNG file to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs/augment.png");

  @Option(
      names = "--side",
      defaultValue = "224",
      description =
          "Width and height to which the image is resized first, in pixels, 32 to 1024"
              + " (default: ${DEFAULT-VALUE}).")
  private int side;

  @Override
  public Integer call() throws IOException {
    if (side < 32 || side > 1024) {
      throw UsageErrorException.of(
          "32 to 1024 for --side", String.valueOf(side), "Choose a value in this range.");
    }
    GrayImage drawn = ContactSheet.render(Resampler.resize(loadImage(), side, side));
    AtomicFile.write(out, file -> PngEncoder.write(drawn, file));
    System.out.printf("Written: %s, %d x %d pixels%n", out, drawn.width(), drawn.height());
    return 0;
  }

  private GrayImage loadImage() throws IOException {
    if (image == null) {
      return DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT)
          .xrays()
          .get(0)
          .source()
          .read();
    }
    return ImageDecoder.decode(image);
  }
}
