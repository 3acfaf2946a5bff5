package dev.cxr.data.cli;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.runtime.BenchmarkSamples;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.ImageSource.FileSource;
import dev.cxr.data.index.ValidationSplitRule;
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

/** Measures the decoding speed of this machine. */
@Command(
    name = "bench",
    description = {
      "Measure the megapixels of JPEG files of a dataset that one thread decodes in a second, next to"
          + " djpeg of libjpeg-turbo if it is installed.",
      "Both alternate, so that their ratio is valid on a machine of varying speed. djpeg starts a"
          + " process for each file; its startup time, measured on an image of 16 x 16, is subtracted."
    })
public final class DecodeBenchCommand implements Callable<Integer> {

  private static final double SECONDS_PER_MEASUREMENT = 2;

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Measurements of each (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw UserErrorException.ofUsage(
          "--rounds of 1 or more", Integer.toString(rounds), "Choose a larger number.");
    }
    List<Path> files = jpegFiles(data.open(ValidationSplitRule.DEFAULT));
    double megapixels = 0;
    for (Path file : files) {
      GrayImage image = ImageDecoder.decode(file);
      megapixels += (double) image.width() * image.height() / 1e6;
    }
    Path tinyFile = Files.createTempFile("cxr-bench-", ".jpeg");
    try {
      ImageIO.write(
          new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY), "jpeg", tinyFile.toFile());
      report(files, megapixels, tinyFile);
    } finally {
      Files.delete(tinyFile);
    }
    return 0;
  }

  private void report(List<Path> files, double megapixels, Path tinyFile) throws IOException {
    boolean hasDjpeg = isDjpegInstalled(tinyFile);
    double[] cxr = new double[rounds];
    double[] djpeg = new double[rounds];
    double[] djpegWithStartup = new double[rounds];
    secondsPerPass(files, ImageDecoder::decode); // warm-up
    for (int round = 0; round < rounds; round++) {
      cxr[round] = megapixels / secondsPerPass(files, ImageDecoder::decode);
      if (hasDjpeg) {
        double seconds = secondsPerPass(files, DecodeBenchCommand::runDjpeg);
        double startupSeconds = secondsPerPass(files, file -> runDjpeg(tinyFile));
        djpegWithStartup[round] = megapixels / seconds;
        djpeg[round] = megapixels / (seconds - startupSeconds);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d JPEG files, %.1f megapixels; %d rounds: median (min to max)%n",
        files.size(),
        megapixels,
        rounds);
    System.out.println(new BenchmarkSamples(cxr).formatLine("cxr", "MP/s"));
    if (hasDjpeg) {
      System.out.println(new BenchmarkSamples(djpeg).formatLine("djpeg -grayscale", "MP/s"));
      System.out.println(
          new BenchmarkSamples(djpegWithStartup).formatLine("djpeg with its startup", "MP/s"));
      System.out.println(
          new BenchmarkSamples(cxr)
              .dividedBy(new BenchmarkSamples(djpeg))
              .formatLine("cxr / djpeg", ""));
    } else {
      System.out.println("  djpeg is not on the PATH; Debian has it in libjpeg-turbo-progs.");
    }
  }

  private static List<Path> jpegFiles(DatasetIndex dataset) {
    List<Path> files =
        dataset.xrays().stream()
            .filter(xray -> xray.source() instanceof FileSource)
            .map(xray -> ((FileSource) xray.source()).path())
            .filter(file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.jpe?g"))
            .toList();
    if (files.isEmpty()) {
      throw UserErrorException.ofUsage(
          "a dataset of JPEG files", "none in " + dataset.name(), "Name one with --data.");
    }
    return files;
  }

  /** Repeats until {@value #SECONDS_PER_MEASUREMENT} s have passed. */
  private static double secondsPerPass(List<Path> files, FileTask task) throws IOException {
    long started = System.nanoTime();
    int passes = 0;
    double seconds;
    do {
      for (Path file : files) {
        task.process(file);
      }
      passes++;
      seconds = (System.nanoTime() - started) / 1e9;
    } while (seconds < SECONDS_PER_MEASUREMENT);
    return seconds / passes;
  }

  @FunctionalInterface
  private interface FileTask {
    void process(Path file) throws IOException;
  }

  private static boolean isDjpegInstalled(Path tinyFile) {
    try {
      runDjpeg(tinyFile);
      return true;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  private static void runDjpeg(Path file) throws IOException {
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
