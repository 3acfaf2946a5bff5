package dev.cxr.eval.metrics;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Scores, labels and the metrics that scikit-learn 1.2.1 computed for them, with DeLong variances
 * and Wilson intervals from numpy. The names of the components are those of the file.
 */
public record ScikitLearnReference(
    List<BinaryCase> binary,
    List<MultiClassCase> multiclass,
    Knn knn,
    List<DeLong> delong,
    List<Wilson> wilson) {

  /** A case of the file. */
  public record BinaryCase(
      String name, List<Integer> y, List<Double> p, double threshold, Map<String, Double> expect) {

    double[] scores() {
      return p.stream().mapToDouble(Double::doubleValue).toArray();
    }

    boolean[] positive() {
      boolean[] positive = new boolean[y.size()];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = y.get(i) == 1;
      }
      return positive;
    }

    double expected(String key) {
      return Objects.requireNonNull(expect.get(key), key);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A case of the file. */
  public record MultiClassCase(
      List<String> classes, List<Integer> y, List<List<Double>> p, JsonObject expect) {

    LabelledProbabilities examples() {
      return new LabelledProbabilities(
          classes,
          p.stream().map(ScikitLearnReference::array).toArray(double[][]::new),
          y.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /** Neighbours of queries among training vectors. */
  public record Knn(
      List<List<Double>> train,
      List<Integer> labels,
      List<List<Double>> queries,
      List<KnnCase> cases) {}

  /** What some number of neighbours, weighting and metric gives for every query. */
  public record KnnCase(
      int k,
      String weights,
      String metric,
      List<Integer> predict,
      List<List<Double>> proba,
      List<List<Integer>> nearest) {

    @Override
    public String toString() {
      return "%d %s %s".formatted(k, weights, metric);
    }
  }

  /** A row as an array. */
  public static double[] array(List<Double> row) {
    return row.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A case of the file. */
  public record DeLong(
      @SerializedName("case") String name, double auc, double variance, List<Double> ci95) {}

  /** A case of the file. */
  public record Wilson(long k, long n, List<Double> wilson95) {}

  /** The whole file. */
  public static ScikitLearnReference read() {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                ScikitLearnReference.class.getResourceAsStream("scikit-learn-1.2.1.json")),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, ScikitLearnReference.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<BinaryCase> cases() {
    return read().binary();
  }

  DeLong deLongOf(BinaryCase example) {
    return delong.stream()
        .filter(row -> row.name().equals(example.name()))
        .findFirst()
        .orElseThrow();
  }
}
