package dev.cxr.models.neighbours;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.gson.annotations.SerializedName;

/** How far two vectors are apart, from products that a matrix multiplication gives. */
public enum Distance {
  /** The length of their difference. */
  @SerializedName("euclidean")
  EUCLIDEAN {
    @Override
    public double of(double product, double firstSquare, double secondSquare) {
      return Math.sqrt(Math.max(0, firstSquare + secondSquare - 2 * product));
    }
  },
  /** 1 less the cosine of their angle, in [0, 2]; 1 to a vector of zeros. */
  @SerializedName("cosine")
  COSINE {
    @Override
    public double of(double product, double firstSquare, double secondSquare) {
      double lengths = Math.sqrt(firstSquare) * Math.sqrt(secondSquare);
      return lengths == 0 ? 1 : Math.min(Math.max(1 - product / lengths, 0), 2);
    }
  };

  /**
   * The distance of two vectors. Between near ones the Euclidean distance loses about half of the
   * digits that the products have.
   *
   * @param product the scalar product of the two
   * @param firstSquare the scalar product of the first with itself
   * @param secondSquare the scalar product of the second with itself
   * @return at least 0; NaN if a product is
   */
  public abstract double of(double product, double firstSquare, double secondSquare);

  /**
   * The distances between two sets of vectors, by one product of matrices in double precision.
   *
   * @param queries (N, D) float32
   * @param vectors (M, D) float32; may be shared between threads
   * @return N rows of M distances
   */
  public double[][] between(NDArray queries, NDArray vectors) {
    try (NDArray own = queries.toType(DataType.FLOAT64, true);
        NDArray others = vectors.toType(DataType.FLOAT64, true);
        NDArray turned = others.transpose();
        NDArray products = own.matMul(turned)) {
      return rows(products.toDoubleArray(), squares(own), squares(others));
    }
  }

  private double[][] rows(double[] products, double[] ownSquares, double[] squares) {
    double[][] rows = new double[ownSquares.length][squares.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < squares.length; j++) {
        rows[i][j] = of(products[i * squares.length + j], ownSquares[i], squares[j]);
      }
    }
    return rows;
  }

  private static double[] squares(NDArray vectors) {
    try (NDArray all = vectors.mul(vectors);
        NDArray sums = all.sum(new int[] {1})) {
      return sums.toDoubleArray();
    }
  }
}
