package dev.cxr.data;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.DataOptions;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.shell.Refusal;
import dev.cxr.data.shell.Rounds;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures how fast this machine decodes. */
@Command(
    name = "bench",
    description = {
      "Measure how many megapixels of a collection's JPEG files this machine decodes a second, on one"
          + " thread, next to libjpeg-turbo's djpeg where that is installed.",
      "They take turns, so that their ratio holds on a machine whose speed drifts. djpeg starts anew"
          + " for each file; what its starts cost is measured on a picture of 16 x 16 and taken off."
    })
final class BenchCommand implements Callable<Integer> {

  private static final double SECONDS_A_TURN = 2;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "How often each takes its turn (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw Refusal.ofUsage("--rounds of 1 or more", Integer.toString(rounds), "Give more.");
    }
    List<Path> files = jpegFiles(data.open(ValidationRule.DEFAULT));
    double megapixels = 0;
    for (Path file : files) {
      GrayImage image = ImageDecoder.decode(file);
      megapixels += (double) image.width() * image.height() / 1e6;
    }
    Path tiny = Files.createTempFile("cxr-bench-", ".jpeg");
    try {
      ImageIO.write(new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY), "jpeg", tiny.toFile());
      report(files, megapixels, tiny);
    } finally {
      Files.delete(tiny);
    }
    return 0;
  }

  private void report(List<Path> files, double megapixels, Path tiny) throws IOException {
    boolean hasDjpeg = djpegRuns(tiny);
    double[] ours = new double[rounds];
    double[] djpeg = new double[rounds];
    double[] djpegAndStarts = new double[rounds];
    secondsAPass(files, ImageDecoder::decode); // the JVM compiles what it will need
    for (int round = 0; round < rounds; round++) {
      ours[round] = megapixels / secondsAPass(files, ImageDecoder::decode);
      if (hasDjpeg) {
        double seconds = secondsAPass(files, BenchCommand::djpeg);
        double starts = secondsAPass(files, file -> djpeg(tiny));
        djpegAndStarts[round] = megapixels / seconds;
        djpeg[round] = megapixels / (seconds - starts);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d JPEG files, %.1f megapixels; %d rounds: median (least to most)%n",
        files.size(),
        megapixels,
        rounds);
    System.out.println(new Rounds(ours).line("cxr", "MP/s"));
    if (hasDjpeg) {
      System.out.println(new Rounds(djpeg).line("djpeg -grayscale", "MP/s"));
      System.out.println(new Rounds(djpegAndStarts).line("the same with its starts", "MP/s"));
      System.out.println(new Rounds(ours).over(new Rounds(djpeg)).line("cxr / djpeg", ""));
    } else {
      System.out.println("  djpeg is not on the PATH; Debian has it in libjpeg-turbo-progs.");
    }
  }

  private static List<Path> jpegFiles(Catalogue catalogue) {
    List<Path> files =
        catalogue.xrays().stream()
            .filter(xray -> xray.source() instanceof ImageFile)
            .map(xray -> ((ImageFile) xray.source()).path())
            .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g"))
            .toList();
    if (files.isEmpty()) {
      throw Refusal.ofUsage(
          "a collection of JPEG files", "none in " + catalogue.name(), "Give one with --data.");
    }
    return files;
  }

  /** Passes until the turn is over. */
  private static double secondsAPass(List<Path> files, Work work) throws IOException {
    long started = System.nanoTime();
    int passes = 0;
    double seconds;
    do {
      for (Path file : files) {
        work.on(file);
      }
      passes++;
      seconds = (System.nanoTime() - started) / 1e9;
    } while (seconds < SECONDS_A_TURN);
    return seconds / passes;
  }

  @FunctionalInterface
  private interface Work {
    void on(Path file) throws IOException;
  }

  private static boolean djpegRuns(Path tiny) {
    try {
      djpeg(tiny);
      return true;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  private static void djpeg(Path file) throws IOException {
    Process process =
        new ProcessBuilder("djpeg", "-grayscale", file.toString())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("djpeg ended with %d on %s".formatted(process.exitValue(), file));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while djpeg ran", e);
    }
  }
}
