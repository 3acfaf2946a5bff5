package dev.cxr.eval.prediction;

import dev.cxr.data.index.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

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
    List<ImagePrediction> all = Stream.concat(evaluated.stream(), validation.stream()).toList();
    PredictionTable table = new PredictionTable(all);
    table.add(USED_FOR, row -> row < evaluated.size() ? EVALUATION : VALIDATION);
    table.addModel(task, threshold, all, "p_", "decision");
    for (BaselineFeature feature : BaselineFeature.values()) {
      table.addIfAny(feature.column(), p -> p.baselineFeatures().get(feature));
    }
    for (Perturbation perturbation : Perturbation.values()) {
      table.addIfAny(perturbation.column(), p -> p.perturbedProbabilities().get(perturbation));
    }
    table.addIfAny(OUT_OF_DISTRIBUTION, p -> p.outOfDistributionScore().orElse(null));
    table.addIfAny(
        MEAN_SQUARED_ERROR,
        p -> p.reconstruction().map(ReconstructionScore::meanSquaredError).orElse(null));
    table.addIfAny(SSIM, p -> p.reconstruction().map(ReconstructionScore::ssim).orElse(null));
    table.write(file);
  }
}
