package dev.cxr.models.knn;

import com.google.gson.annotations.SerializedName;

/**
 * A k-nearest-neighbours index over training examples that replaces the last layer of a network.
 * The examples, vectors and classes, are parameters of the network.
 *
 * @param features the vectors that are compared
 * @param distance the distance of two vectors
 * @param vote the number of neighbours and their weights
 * @param kRule how that number was chosen, in words
 * @param exampleCount the number of examples, at least 1
 * @param dataset the dataset of the examples
 * @param fingerprint identifies their pixels and labels
 * @param sourceBundle id of the bundle the network comes from
 */
public record KnnIndex(
    FeatureKind features,
    DistanceMetric distance,
    KnnVote vote,
    String kRule,
    int exampleCount,
    String dataset,
    String fingerprint,
    String sourceBundle) {

  /** The vectors of an image that are compared with those of the examples. */
  public enum FeatureKind {
    /** The embedding: the input of the last layer. */
    @SerializedName("embeddings")
    EMBEDDINGS,
    /** The class probabilities of the network at a temperature of 1. */
    @SerializedName("probabilities")
    PROBABILITIES
  }

  /**
   * Checks the values.
   *
   * @param features as of the record
   * @param distance as of the record
   * @param vote the vote
   * @param kRule as of the record
   * @param exampleCount as of the record
   * @param dataset as of the record
   * @param fingerprint as of the record
   * @param sourceBundle as of the record
   * @throws IllegalArgumentException if a value is missing or there is no example
   */
  public KnnIndex {
    // Gson leaves null for unknown enum constants and missing keys.
    if (features == null || distance == null || vote == null || exampleCount < 1) {
      throw new IllegalArgumentException(
          "an index with features, distance, vote and at least one example");
    }
  }
}
