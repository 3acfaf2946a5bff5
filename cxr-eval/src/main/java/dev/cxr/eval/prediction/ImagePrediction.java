package dev.cxr.eval.prediction;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One picture and what a bundle says of it.
 *
 * @param path the picture's name within its collection
 * @param patient its patient group
 * @param finding what it shows, one that takes part in the task
 * @param split the split it stands in
 * @param probabilities of the task's classes, in order
 * @param baselineFeatures what can be told of it without a model; those that it has
 * @param perturbedProbabilities the positive class's probability after a change to the picture;
 *     empty if none was tried
 * @param outOfDistributionScore how unlike the training images it is: {@link
 *     dev.cxr.models.ood.OutOfDistributionScorer}; empty if it was not computed
 * @param reconstruction how well the network gave it back; empty if that is not what it does
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

  /** Keeps what it was given as it is. */
  public ImagePrediction {
    probabilities = List.copyOf(probabilities);
    baselineFeatures = Map.copyOf(baselineFeatures);
    perturbedProbabilities = Map.copyOf(perturbedProbabilities);
  }

  /** Of a picture that was neither compared with the training pictures nor given back. */
  public ImagePrediction(
      String path,
      String patient,
      Finding finding,
      Split split,
      List<Double> probabilities,
      Map<BaselineFeature, Double> traits,
      Map<Perturbation, Double> changed) {
    this(
        path,
        patient,
        finding,
        split,
        probabilities,
        traits,
        changed,
        Optional.empty(),
        Optional.empty());
  }

  static ImagePrediction of(
      Xray xray,
      List<Double> probabilities,
      Map<BaselineFeature, Double> features,
      Map<Perturbation, Double> perturbed,
      Optional<Double> outOfDistributionScore,
      Optional<ReconstructionScore> reconstruction) {
    return new ImagePrediction(
        xray.id(),
        xray.patient(),
        xray.finding(),
        xray.split(),
        probabilities,
        features,
        perturbed,
        outOfDistributionScore,
        reconstruction);
  }

  /** The probability of the positive class, which the threshold is for. */
  public double positiveProbability(Task task) {
    return task.positiveProbability(probabilityArray());
  }

  /** The index of the class that is answered: {@link Decision}. */
  public int predictedClass(double threshold) {
    return Decision.predictedClass(probabilityArray(), threshold);
  }

  private double[] probabilityArray() {
    return probabilities.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
