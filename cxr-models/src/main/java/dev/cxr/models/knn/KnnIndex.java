package dev.cxr.models.knn;

import com.google.gson.annotations.SerializedName;

/**
 * The rule by which examples vote in place of a network's last layer, and what they are. The
 * examples themselves, vectors and classes, lie among the network's parameters.
 *
 * @param features what of a picture is compared
 * @param distance how far two are apart
 * @param vote how many of the nearest count, and how much each
 * @param kRule how their number was chosen, in words
 * @param exampleCount how many there are, at least 1
 * @param dataset the collection they are of
 * @param fingerprint identifies their pixels and findings
 * @param sourceBundle identifies the bundle whose network it is
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

  /** What of a picture is compared with that of the examples. */
  public enum FeatureKind {
    /** What the network's last layer is given. */
    @SerializedName("embeddings")
    EMBEDDINGS,
    /** The network's class probabilities, at a temperature of 1. */
    @SerializedName("probabilities")
    PROBABILITIES
  }

  /**
   * @throws IllegalArgumentException if anything is missing or there is no example
   */
  public KnnIndex {
    // A reader of JSON leaves null where a name stands for nothing.
    if (features == null || distance == null || vote == null || exampleCount < 1) {
      throw new IllegalArgumentException(
          "an index over embeddings or probabilities, by a known distance and vote, of at least one"
              + " example");
    }
  }
}
