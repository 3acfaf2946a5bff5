package dev.cxr.eval.prediction;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Predictions without an out-of-distribution score and without a reconstruction. */
public final class TestPrediction {

  private TestPrediction() {}

  public static ImagePrediction of(
      String path,
      String patient,
      Finding finding,
      Split split,
      List<Double> probabilities,
      Map<BaselineFeature, Double> features,
      Map<Perturbation, Double> perturbed) {
    return new ImagePrediction(
        path,
        patient,
        finding,
        split,
        probabilities,
        features,
        perturbed,
        Optional.empty(),
        Optional.empty());
  }
}
