package dev.cxr.eval.prediction;

import dev.cxr.data.index.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes predictions.csv, a row for every image. Numbers have all their digits, so that every
 * metric can be recomputed exactly.
 */
public final class PredictionFile {

  /** The column of {@link ImagePrediction#outOfDistributionScore}. */
  public static final String OUT_OF_DISTRIBUTION = "out_of_distribution";

  /** The column of {@link ReconstructionScore#meanSquaredError}. */
  public static final String MEAN_SQUARED_ERROR = "mean_squared_error";

  /** The column of {@link ReconstructionScore#ssim}. */
  public static final String SSIM = "ssim";

  /** The column that says whether an image is evaluated or validates. */
  public static final String USED_FOR = "used_for";

  /** {@link #USED_FOR} of the evaluated images. */
  public static final String EVALUATION = "evaluation";

  private static final String VALIDATION = "validation";

  private PredictionFile() {}

  /**
   * Writes the file.
   *
   * @param task of the model
   * @param threshold the lowest probability that is predicted positive
   * @param evaluated predictions of the evaluated images, in the order of the rows
   * @param validation predictions of further images, on which thresholds are chosen
   * @param file to make
   * @throws IOException if the file cannot be written
   */
  public static void write(
      Task task,
      double threshold,
      List<ImagePrediction> evaluated,
      List<ImagePrediction> validation,
      Path file)
      throws IOException {
    List<ImagePrediction> predictions =
        Stream.concat(evaluated.stream(), validation.stream()).toList();
    List<BaselineFeature> features =
        Arrays.stream(BaselineFeature.values())
            .filter(t -> predictions.stream().anyMatch(p -> p.baselineFeatures().containsKey(t)))
            .toList();
    List<Perturbation> perturbations =
        Arrays.stream(Perturbation.values())
            .filter(
                c -> predictions.stream().anyMatch(p -> p.perturbedProbabilities().containsKey(c)))
            .toList();
    List<String> header = new ArrayList<>(List.of("path", "patient", "finding", "split", USED_FOR));
    task.classes().forEach(name -> header.add("p_" + name));
    header.add("decision");
    features.forEach(feature -> header.add(feature.column()));
    perturbations.forEach(perturbation -> header.add(perturbation.column()));
    boolean compared = predictions.stream().anyMatch(p -> p.outOfDistributionScore().isPresent());
    if (compared) {
      header.add(OUT_OF_DISTRIBUTION);
    }
    boolean reconstruction = predictions.stream().anyMatch(p -> p.reconstruction().isPresent());
    if (reconstruction) {
      header.addAll(List.of(MEAN_SQUARED_ERROR, SSIM));
    }
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
    try (BufferedWriter out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (int i = 0; i < predictions.size(); i++) {
        ImagePrediction p = predictions.get(i);
        csv.print(p.path());
        csv.print(p.patient());
        csv.print(p.finding());
        csv.print(p.split());
        csv.print(i < evaluated.size() ? EVALUATION : VALIDATION);
        for (double probability : p.probabilities()) {
          csv.print(probability);
        }
        csv.print(
            p.positiveProbability(task) >= threshold
                ? task.positiveClass()
                : task.classes().get(0));
        for (BaselineFeature feature : features) {
          csv.print(p.baselineFeatures().get(feature)); // empty if the image does not have it
        }
        for (Perturbation perturbation : perturbations) {
          csv.print(p.perturbedProbabilities().get(perturbation));
        }
        if (compared) {
          csv.print(p.outOfDistributionScore().orElse(null));
        }
        if (reconstruction) {
          csv.print(p.reconstruction().map(ReconstructionScore::meanSquaredError).orElse(null));
          csv.print(p.reconstruction().map(ReconstructionScore::ssim).orElse(null));
        }
        csv.println();
      }
    }
  }
}
