package dev.cxr.eval.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.cxr.data.index.Xray;
import dev.cxr.models.knn.DistanceMetric;
import dev.cxr.models.knn.NearestExamples;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The training pictures where a network's embeddings put them, to find those next to others. */
public final class TrainingEmbeddings {

  private final List<Xray> xrays;
  private final float[][] embeddings;

  private TrainingEmbeddings(List<Xray> xrays, float[][] embeddings) {
    this.xrays = xrays;
    this.embeddings = embeddings;
  }

  /** Some pictures with the embedding of each, in their order. */
  static TrainingEmbeddings of(List<Xray> xrays, float[][] embeddings, Predicate<Xray> which) {
    return new TrainingEmbeddings(
        xrays.stream().filter(which).toList(),
        IntStream.range(0, xrays.size())
            .filter(i -> which.test(xrays.get(i)))
            .mapToObj(i -> embeddings[i])
            .toArray(float[][]::new));
  }

  /** The training pictures, in the order that {@link #nearest} numbers them in. */
  public List<Xray> xrays() {
    return xrays;
  }

  /**
   * The training pictures that lie in the most similar direction, by the cosine.
   *
   * @param manager of the engine that computes
   * @param others embeddings of other pictures by the same network, of few enough that a distance
   *     for each pair fits in memory
   * @param k how many to find of each, at least 1
   */
  public List<NearestExamples> nearest(NDManager manager, float[][] others, int k) {
    try (NDManager scope = manager.newSubManager();
        NDArray queries = scope.create(others);
        NDArray vectors = scope.create(embeddings)) {
      return Stream.of(DistanceMetric.COSINE.pairwise(queries, vectors))
          .map(row -> NearestExamples.find(row, k, i -> true))
          .toList();
    }
  }
}
