package dev.cxr.eval.metrics;

import com.google.gson.Gson;
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
 * Scores, labels and the figures that scikit-learn 1.2.1 computed for them, with DeLong variances
 * and Wilson intervals from numpy. The names of the components are those of the file.
 */
record Reference(List<Case> binary, List<DeLong> delong, List<Wilson> wilson) {

  record Case(
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

    double figure(String key) {
      return Objects.requireNonNull(expect.get(key), key);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  record DeLong(
      @SerializedName("case") String name, double auc, double variance, List<Double> ci95) {}

  record Wilson(long k, long n, List<Double> wilson95) {}

  static Reference read() {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(Reference.class.getResourceAsStream("scikit-learn-1.2.1.json")),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, Reference.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Case> cases() {
    return read().binary();
  }

  DeLong delongOf(Case example) {
    return delong.stream()
        .filter(row -> row.name().equals(example.name()))
        .findFirst()
        .orElseThrow();
  }
}
