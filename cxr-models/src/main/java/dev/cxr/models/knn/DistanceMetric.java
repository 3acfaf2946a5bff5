package dev.cxr.models.knn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.annotations.SerializedName;

/** The distance of two vectors, computed from scalar products. */
public enum DistanceMetric {
  /** The length of the difference. */
  @SerializedName("euclidean")
  EUCLIDEAN,
  /** 1 - cosine of the angle, in [0, 2]; 1 if a vector is all zeros. */
  @SerializedName("cosine")
  COSINE;

  /**
   * Computes all distances between two sets of vectors, by one matrix product in double precision.
   *
   * @param queries (N, D) float32
   * @param vectors (M, D) float32; may be shared between threads
   * @return N rows of M distances
   */
  public double[][] pairwise(NDArray queries, NDArray vectors) {
    try (NDArray queries64 = queries.toType(DataType.FLOAT64, true);
        NDArray vectors64 = vectors.toType(DataType.FLOAT64, true);
        NDArray transposed = vectors64.transpose();
        NDArray products = queries64.matMul(transposed)) {
      return rows(products.toDoubleArray(), squares(queries64), squares(vectors64));
    }
  }

  private double[][] rows(double[] products, double[] querySquares, double[] vectorSquares) {
    double[][] rows = new double[querySquares.length][vectorSquares.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < vectorSquares.length; j++) {
        rows[i][j] =
            compute(products[i * vectorSquares.length + j], querySquares[i], vectorSquares[j]);
      }
    }
    return rows;
  }

  /**
   * Computes the distance of two vectors. The Euclidean distance of close vectors has about half of
   * the significant digits of the products.
   *
   * @param product the scalar product of the two
   * @param firstSquare the scalar product of the first with itself
   * @param secondSquare the scalar product of the second with itself
   * @return at least 0; NaN if a product is NaN
   */
  public double compute(double product, double firstSquare, double secondSquare) {
    if (this == EUCLIDEAN) {
      return Math.sqrt(Math.max(0, firstSquare + secondSquare - 2 * product));
    }
    double lengths = Math.sqrt(firstSquare) * Math.sqrt(secondSquare);
    return lengths == 0 ? 1 : Math.min(Math.max(1 - product / lengths, 0), 2);
  }

  private static double[] squares(NDArray vectors) {
    try (NDArray products = vectors.mul(vectors);
        NDArray sums = products.sum(new int[] {1})) {
      return sums.toDoubleArray();
    }
  }
}
