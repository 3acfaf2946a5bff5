package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.augment.ContactSheet;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws the effect of augmentation on one image. */
@Command(
    name = "augment",
    description = {
      "Draw the effect of augmentation on one X-ray: the stored image, then random augmentations, or"
          + " with --each every kind alone.",
      "The options from --rotation-degrees on are the augmentation keys of a recipe; without any of"
          + " them every kind is shown at an example range."
    })
public final class AugmentCommand implements Callable<Integer> {

  private static final long MAX_SHEET_PIXELS = 64_000_000;

  @Option(
      names = "--image",
      paramLabel = "FILE|DIR",
      description =
          "A JPEG, PNG, TIFF or DICOM file, or a folder, whose first image is used (default: an"
              + " image of the built-in sample).")
  private @Nullable Path image;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "runs/augment.png",
      description = "PNG file to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs/augment.png");

  @Option(names = "--each", description = "One row for each kind, from its minimum to its maximum.")
  private boolean each;

  @Option(
      names = "--columns",
      defaultValue = "6",
      description = "Images in a row, 3 to 20 (default: ${DEFAULT-VALUE}).")
  private int columns;

  @Option(
      names = "--rows",
      defaultValue = "4",
      description = "Rows of random augmentations, 1 to 50 (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--side",
      defaultValue = "224",
      description =
          "Width and height to which the image is resized first, in pixels, 32 to 1024"
              + " (default: ${DEFAULT-VALUE}).")
  private int side;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Random seed (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private AugmentationOptions augmentation = new AugmentationOptions();

  @Override
  public Integer call() throws IOException {
    requireInRange("--columns", columns, 3, 20);
    requireInRange("--rows", rows, 1, 50);
    requireInRange("--side", side, 32, 1024);
    int maxRows = each ? ContactSheet.MAX_KINDS : rows;
    if ((long) columns * maxRows * side * side > MAX_SHEET_PIXELS) {
      throw UsageErrorException.of(
          String.format(Locale.ROOT, "at most %,d pixels on a sheet", MAX_SHEET_PIXELS),
          "%d x %d images of %d x %d".formatted(columns, maxRows, side, side),
          "Choose a smaller --side, or fewer --columns or --rows.");
    }
    GrayImage input = Resampler.resize(loadImage(), side, side);
    ContactSheet sheet = new ContactSheet(input, augmentation.augmentation(), seed);
    GrayImage drawn = each ? sheet.renderEachKind(columns) : sheet.renderRandom(columns, rows);
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
    if (!Files.exists(image)) {
      throw UsageErrorException.of(
          "a JPEG, PNG, TIFF or DICOM file", "nothing at " + image, "Give one with --image.");
    }
    return ImageDecoder.decode(
        ImageFinder.find(List.of(image), Integer.MAX_VALUE, "--image").images().get(0).path());
  }

  private static void requireInRange(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw UsageErrorException.of(
          "%d to %d for %s".formatted(min, max, option),
          String.valueOf(value),
          "Choose a value in this range.");
    }
  }
}
