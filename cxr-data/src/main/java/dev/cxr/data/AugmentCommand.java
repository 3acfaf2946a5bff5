package dev.cxr.data;

import dev.cxr.data.augment.AugmentationOptions;
import dev.cxr.data.augment.ContactSheet;
import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.files.AtomicFile;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Draws what augmentation does to one picture. */
@Command(
    name = "augment",
    description = {
      "Draw what augmentation does to one X-ray: the picture as it is stored, then one random draw"
          + " after another, or with --each every kind alone.",
      "The options from --rotation-degrees on are the keys of a recipe's augmentation; where none of"
          + " them is given, every kind is shown at an example range."
    })
final class AugmentCommand implements Callable<Integer> {

  private static final long LARGEST_SHEET = 64_000_000;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "A JPEG, PNG, TIFF or DICOM file (default: a picture of the built-in sample).")
  private @Nullable Path image;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = "runs/augment.png",
      description = "PNG file to write (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs/augment.png");

  @Option(names = "--each", description = "One row for each kind, from its least to its most.")
  private boolean each;

  @Option(
      names = "--columns",
      defaultValue = "6",
      description = "Pictures side by side, 3 to 20 (default: ${DEFAULT-VALUE}).")
  private int columns;

  @Option(
      names = "--rows",
      defaultValue = "4",
      description = "Rows of draws, 1 to 50 (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--side",
      defaultValue = "224",
      description =
          "Width and height a picture is resized to before, in pixels, 32 to 1024"
              + " (default: ${DEFAULT-VALUE}).")
  private int side;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Another seed draws others (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private AugmentationOptions augmentation = new AugmentationOptions();

  @Override
  public Integer call() throws IOException {
    requireWithin("--columns", columns, 3, 20);
    requireWithin("--rows", rows, 1, 50);
    requireWithin("--side", side, 32, 1024);
    long pixels = (long) columns * rows * side * side;
    if (!each && pixels > LARGEST_SHEET) {
      throw Refusal.ofUsage(
          "at most %,d pixels on a sheet".formatted(LARGEST_SHEET),
          "%d x %d pictures of %,d".formatted(columns, rows, side * side),
          "Choose a smaller --side, or fewer --rows.");
    }
    GrayImage picture = Resampler.resize(picture(), side, side);
    ContactSheet sheet = new ContactSheet(picture, augmentation.augmentation(), seed);
    GrayImage drawn = each ? sheet.ofEach(columns) : sheet.ofDraws(columns, rows);
    AtomicFile.write(out, file -> PngEncoder.write(drawn, file));
    System.out.printf("Written: %s, %d x %d pixels%n", out, drawn.width(), drawn.height());
    return 0;
  }

  private GrayImage picture() throws IOException {
    if (image == null) {
      return Catalogue.open(Catalogue.SYNTHETIC, ValidationRule.DEFAULT)
          .xrays()
          .get(0)
          .source()
          .read();
    }
    if (!Files.isRegularFile(image)) {
      throw Refusal.ofUsage("a JPEG or PNG file", "nothing at " + image, "Give one with --image.");
    }
    return ImageDecoder.decode(image);
  }

  private static void requireWithin(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw Refusal.ofUsage(
          "%d to %d for %s".formatted(least, most, option), String.valueOf(value), "Change it.");
    }
  }
}
