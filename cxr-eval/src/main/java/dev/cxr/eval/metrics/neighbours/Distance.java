package dev.cxr.eval.metrics.neighbours;

/** How far two vectors are apart, from products that a matrix multiplication gives. */
public enum Distance {
  /** The length of their difference. */
  EUCLIDEAN {
    @Override
    public double of(double product, double firstSquare, double secondSquare) {
      return Math.sqrt(Math.max(0, firstSquare + secondSquare - 2 * product));
    }
  },
  /** 1 less the cosine of their angle, in [0, 2]; 1 to a vector of zeros. */
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
}
