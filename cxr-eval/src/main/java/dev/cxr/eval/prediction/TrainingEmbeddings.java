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

/**
 * The embeddings of the training images, to find the nearest ones of other images.
 *
 * @param xrays the training images; {@link #nearest} returns indices into this list
 * @param embeddings of each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record TrainingEmbeddings(List<Xray> xrays, float[][] embeddings) {

  /** {@return the embeddings of the selected images, in their order} */
  static TrainingEmbeddings of(List<Xray> xrays, float[][] embeddings, Predicate<Xray> which) {
    return new TrainingEmbeddings(
        xrays.stream().filter(which).toList(),
        IntStream.range(0, xrays.size())
            .filter(i -> which.test(xrays.get(i)))
            .mapToObj(i -> embeddings[i])
            .toArray(float[][]::new));
  }

  /**
   * {@return for each embedding the nearest training images, by cosine distance}
   *
   * @param manager parent of the temporary arrays
   * @param others embeddings of other images by the same network, few enough that a distance for
   *     each pair fits in memory
   * @param k the number of neighbours, at least 1
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
