package dev.cxr.benchmarks;

import dev.cxr.data.catalogue.Catalogue;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.ValidationRule;
import dev.cxr.data.catalogue.Xray;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.PngEncoder;
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
 * Makes a collection as large as one likes: copies of another's training pictures under patients of
 * their own. Copy k is k gray levels brighter, for cxr keeps equal pictures once.
 */
@Command(
    name = "repeat",
    description =
        "Write copies of a collection's training pictures, all different, and a manifest for each"
            + " of some numbers of copies: x1.csv, x4.csv and so on.")
final class RepeatCommand implements Callable<Integer> {

  @Option(names = "--data", defaultValue = "synthetic", description = "Default: ${DEFAULT-VALUE}.")
  private String data = "";

  @Option(
      names = "--pictures",
      defaultValue = "2000",
      description = "Use no more than so many (default: ${DEFAULT-VALUE}).")
  private int pictures;

  @Option(names = "--times", split = ",", required = true, description = "Such as 1,4,16.")
  private List<Integer> times = List.of();

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    List<Xray> train = Catalogue.open(data, ValidationRule.DEFAULT).in(Split.TRAIN);
    // Spread over the collection: it is sorted by finding.
    int used = Math.min(pictures, train.size());
    List<Xray> chosen =
        IntStream.range(0, used)
            .mapToObj(i -> train.get((int) ((long) i * train.size() / used)))
            .toList();
    int most = times.stream().max(Integer::compare).orElse(1);
    Path images = Files.createDirectories(out.resolve("images"));
    for (int i = 0; i < used; i++) {
      GrayImage image = chosen.get(i).source().read();
      for (int copy = 0; copy < most; copy++) {
        PngEncoder.write(brighter(image, copy), images.resolve(name(i, copy)));
      }
    }
    for (int copies : times) {
      manifest(chosen, copies);
    }
    System.out.printf("{\"pictures\": %d}%n", used);
    return 0;
  }

  private void manifest(List<Xray> chosen, int copies) throws IOException {
    try (BufferedWriter csv = Files.newBufferedWriter(out.resolve("x" + copies + ".csv"))) {
      csv.write("path,finding,patient\n");
      for (int copy = 0; copy < copies; copy++) {
        for (int i = 0; i < chosen.size(); i++) {
          csv.write(
              "images/%s,%s,copy%d-%s\n"
                  .formatted(
                      name(i, copy),
                      chosen.get(i).finding(),
                      copy,
                      chosen.get(i).patient().replaceAll("\\W", "-")));
        }
      }
    }
  }

  private static String name(int picture, int copy) {
    return "%d-%d.png".formatted(picture, copy);
  }

  private static GrayImage brighter(GrayImage image, int levels) {
    byte[] pixels = image.pixels().clone();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.min(255, (pixels[i] & 0xFF) + levels);
    }
    return new GrayImage(image.width(), image.height(), pixels);
  }
}
