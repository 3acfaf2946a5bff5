package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.augment.ContactSheet;
import dev.cxr.data.augment.Range;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws the effect of augmentation on one image. */
@Command(
    name = "augment",
    description =
        "Draw the effect of augmentation on one X-ray: the stored image, then a row for each kind"
            + " from its minimum to its maximum, or with --random combinations of all kinds.")
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

  @Option(
      names = "--random",
      description = "Draw 23 random augmentations instead, as training does.")
  private boolean random;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "The seed of the first random augmentation (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--set",
      paramLabel = "KEY=FROM..TO",
      description =
          "With --random: only this kind of augmentation, by its recipe key, within this range;"
              + " repeat it for several kinds.")
  private Map<AugmentationKind, String> ranges = Map.of();

  @Override
  public Integer call() throws IOException {
    if (side < 32 || side > 1024) {
      throw UsageErrorException.of(
          "32 to 1024 for --side", String.valueOf(side), "Choose a value in this range.");
    }
    Augmentation augmentation = augmentation();
    ContactSheet sheet = new ContactSheet(Resampler.resize(loadImage(), side, side));
    GrayImage drawn = random ? sheet.renderRandom(augmentation, seed) : sheet.renderKinds();
    AtomicFile.write(out, file -> PngEncoder.write(drawn, file));
    System.out.printf("Written: %s, %d x %d pixels%n", out, drawn.width(), drawn.height());
    return 0;
  }

  private Augmentation augmentation() {
    if (ranges.isEmpty()) {
      return Augmentation.ALL_KINDS;
    }
    Augmentation.Builder builder = Augmentation.builder();
    try {
      ranges.forEach(
          (kind, text) -> builder.opt(kind, Range.parse(text).from(), Range.parse(text).to()));
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw UsageErrorException.of(
          "--set KEY=FROM..TO within the limits of KEY",
          String.valueOf(e.getMessage()),
          "Choose another range.");
    }
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
