package dev.cxr.eval.evaluation;

import dev.cxr.data.dataset.SeedDerivation;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.eval.prediction.ImagePrediction;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Example images for a report, of every class: correct predictions sampled by the seed, and the
 * worst errors, those with the lowest probability of the actual class.
 *
 * @param correctCount the number of correct predictions
 * @param errorCount the number of wrong predictions
 * @param correct at most {@value #CORRECT_PER_CLASS} of each class, in the order of the classes
 * @param errors at most {@value #ERRORS_PER_CLASS} of each class, the worst first
 */
public record ExampleCases(
    long correctCount, long errorCount, List<Case> correct, List<Case> errors) {

  private static final int CORRECT_PER_CLASS = 4;
  private static final int ERRORS_PER_CLASS = 6;

  /**
   * One image.
   *
   * @param path its name within the dataset
   * @param finding its actual finding
   * @param predictedClass with two classes at the threshold, with more the most probable one
   * @param probability of the predicted class
   * @param nearest the training images with the nearest embeddings, nearest first; empty if unknown
   */
  public record Case(
      String path,
      Finding finding,
      String predictedClass,
      double probability,
      List<TrainingNeighbour> nearest) {

    /**
     * {@return the same case with its nearest training images}
     *
     * @param training the nearest training images, nearest first
     */
    public Case withNearest(List<TrainingNeighbour> training) {
      return new Case(path, finding, predictedClass, probability, training);
    }
  }

  /**
   * A training image near another image.
   *
   * @param path its name within the training dataset
   * @param finding its actual finding
   * @param distance 1 minus the cosine similarity of the embeddings, 0 to 2
   */
  public record TrainingNeighbour(String path, Finding finding, double distance) {}

  /**
   * {@return the cases; images without finite probabilities are excluded}
   *
   * @param settings task, threshold and bootstrap
   * @param evaluated predictions of the evaluated images
   */
  public static ExampleCases of(EvaluationSettings settings, List<ImagePrediction> evaluated) {
    Task task = settings.task();
    List<ImagePrediction> answered =
        evaluated.stream()
            .filter(p -> p.probabilities().stream().allMatch(Double::isFinite))
            .toList();
    List<ImagePrediction> right = answered.stream().filter(p -> isCorrect(p, settings)).toList();
    List<ImagePrediction> wrong = answered.stream().filter(p -> !isCorrect(p, settings)).toList();
    Comparator<ImagePrediction> drawn =
        Comparator.comparingLong(
            p -> SeedDerivation.derive(settings.bootstrapSeed(), p.path().hashCode()));
    Comparator<ImagePrediction> worst =
        Comparator.comparingDouble(p -> p.probabilities().get(task.label(p.finding())));
    return new ExampleCases(
        right.size(),
        wrong.size(),
        perClass(right, CORRECT_PER_CLASS, drawn, settings),
        perClass(wrong, ERRORS_PER_CLASS, worst, settings));
  }

  private static boolean isCorrect(ImagePrediction p, EvaluationSettings settings) {
    return p.predictedClass(settings.threshold()) == settings.task().label(p.finding());
  }

  private static List<Case> perClass(
      List<ImagePrediction> all,
      int most,
      Comparator<ImagePrediction> order,
      EvaluationSettings settings) {
    Task task = settings.task();
    return IntStream.range(0, task.classes().size())
        .boxed()
        .flatMap(
            label ->
                all.stream()
                    .filter(p -> task.label(p.finding()) == label)
                    .sorted(order.thenComparing(ImagePrediction::path))
                    .limit(most))
        .map(p -> of(p, settings))
        .toList();
  }

  private static Case of(ImagePrediction p, EvaluationSettings settings) {
    int answer = p.predictedClass(settings.threshold());
    return new Case(
        p.path(),
        p.finding(),
        settings.task().classes().get(answer),
        p.probabilities().get(answer),
        List.of());
  }
}
