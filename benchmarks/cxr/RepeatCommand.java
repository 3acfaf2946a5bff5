package dev.cxr.benchmarks;

import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Writes datasets that consist of copies of another dataset's training images, each copy under new
 * patients. Copy k is k gray levels brighter, because cxr keeps one of several equal images.
 */
@Command(
    name = "repeat",
    description =
        "Write copies of a dataset's training images, all different, and a manifest for each number"
            + " of copies: x1.csv, x4.csv and so on; prints JSON.")
final class RepeatCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "synthetic",
      description =
          "Folder, .npz archive, .csv manifest or 'synthetic' (default: ${DEFAULT-VALUE}).")
  private String data = "";

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Most images to copy (default: ${DEFAULT-VALUE}).")
  private int maxImages;

  @Option(
      names = "--copies",
      paramLabel = "N",
      split = ",",
      required = true,
      description = "Copies in each dataset, such as 1,4,16.")
  private List<Integer> copyCounts = List.of();

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    List<Xray> train = DatasetReader.read(data, ValidationSplitRule.DEFAULT).inSplit(Split.TRAIN);
    // Evenly spaced: the index is sorted by finding.
    int count = Math.min(maxImages, train.size());
    List<Xray> originals =
        IntStream.range(0, count)
            .mapToObj(i -> train.get((int) ((long) i * train.size() / count)))
            .toList();
    int maxCopies = copyCounts.stream().max(Integer::compare).orElse(1);
    Path images = Files.createDirectories(out.resolve("images"));
    for (int i = 0; i < count; i++) {
      GrayImage image = originals.get(i).source().read();
      for (int copy = 0; copy < maxCopies; copy++) {
        PngEncoder.write(brightened(image, copy), images.resolve(fileName(i, copy)));
      }
    }
    for (int copies : copyCounts) {
      writeManifest(originals, copies);
    }
    System.out.printf("{\"images\": %d}%n", count);
    return 0;
  }

  private void writeManifest(List<Xray> originals, int copies) throws IOException {
    try (BufferedWriter csv = Files.newBufferedWriter(out.resolve("x" + copies + ".csv"))) {
      csv.write("path,finding,patient\n");
      for (int copy = 0; copy < copies; copy++) {
        for (int i = 0; i < originals.size(); i++) {
          csv.write(
              "images/%s,%s,copy%d-%s\n"
                  .formatted(
                      fileName(i, copy),
                      originals.get(i).finding(),
                      copy,
                      originals.get(i).patient().replaceAll("\\W", "-")));
        }
      }
    }
  }

  private static String fileName(int image, int copy) {
    return "%d-%d.png".formatted(image, copy);
  }

  private static GrayImage brightened(GrayImage image, int levels) {
    byte[] pixels = image.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.min(255, (pixels[i] & 0xFF) + levels);
    }
    return new GrayImage(image.width(), image.height(), pixels);
  }
}
