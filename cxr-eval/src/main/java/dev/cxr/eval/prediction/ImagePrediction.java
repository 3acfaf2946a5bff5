package dev.cxr.eval.prediction;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.LabelledProbabilities;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The prediction of a bundle for one image.
 *
 * @param path the image's name within its dataset
 * @param patient its patient group
 * @param finding the actual finding, which the task includes
 * @param split its split
 * @param probabilities of the task's classes, in order
 * @param baselineFeatures the baseline features that it has
 * @param perturbedProbabilities the positive class's probability after each perturbation; may be
 *     empty
 * @param outOfDistributionScore how unlike the training images it is: {@link
 *     dev.cxr.models.ood.OutOfDistributionScorer}; empty if it was not computed
 * @param reconstruction the similarity of image and reconstruction; empty unless the network is an
 *     autoencoder
 */
public record ImagePrediction(
    String path,
    String patient,
    Finding finding,
    Split split,
    List<Double> probabilities,
    Map<BaselineFeature, Double> baselineFeatures,
    Map<Perturbation, Double> perturbedProbabilities,
    Optional<Double> outOfDistributionScore,
    Optional<ReconstructionScore> reconstruction) {

  /**
   * Copies the collections.
   *
   * @param path the image's name within its dataset
   * @param patient its patient group
   * @param finding the actual finding, which the task includes
   * @param split the split
   * @param probabilities of the task's classes, in order
   * @param baselineFeatures the baseline features that it has
   * @param perturbedProbabilities the positive class's probability after each perturbation
   * @param outOfDistributionScore how unlike the training images it is
   * @param reconstruction the similarity of image and reconstruction
   */
  public ImagePrediction {
    probabilities = List.copyOf(probabilities);
    baselineFeatures = Map.copyOf(baselineFeatures);
    perturbedProbabilities = Map.copyOf(perturbedProbabilities);
  }

  /**
   * {@return the probability of the positive class, to compare with the threshold}
   *
   * @param task of the model
   */
  public double positiveProbability(Task task) {
    return task.positiveProbability(probabilityArray());
  }

  /**
   * {@return the index of the predicted class}
   *
   * @param threshold the lowest score that is predicted positive
   */
  public int predictedClass(double threshold) {
    return predictedClass(probabilityArray(), threshold);
  }

  /**
   * {@return the index of the predicted class: of two by the threshold, of more the most probable}
   *
   * @param probabilities of each class
   * @param threshold the lowest score that is predicted positive
   */
  public static int predictedClass(double[] probabilities, double threshold) {
    return probabilities.length == 2
        ? (probabilities[1] >= threshold ? 1 : 0)
        : LabelledProbabilities.argMax(probabilities);
  }

  private double[] probabilityArray() {
    return probabilities.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
