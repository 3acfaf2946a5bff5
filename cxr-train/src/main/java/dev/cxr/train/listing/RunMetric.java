package dev.cxr.train.listing;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.cxr.eval.metrics.Estimate;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** A metric that validation and evaluation have in common. */
public enum RunMetric {
  /** Area under the ROC curve. */
  AUROC("auroc", "AUROC"),
  /** Share of correct decisions at the threshold. */
  ACCURACY("accuracy", "accuracy"),
  /** Sensitivity at the threshold. */
  RECALL("recall", "sensitivity"),
  /** Specificity at the threshold. */
  SPECIFICITY("specificity", "specificity"),
  /** Positive predictive value at the threshold. */
  PRECISION("precision", "precision"),
  /** Harmonic mean of precision and recall. */
  F1("f1", "F1"),
  /** Mean of recall and specificity. */
  BALANCED_ACCURACY("balancedAccuracy", "balanced accuracy"),
  /** Area under the precision-recall curve. */
  AVERAGE_PRECISION("averagePrecision", "average precision"),
  /** Share of correct classes, with more than two classes. */
  MULTI_CLASS_ACCURACY("multiClassAccuracy", "accuracy of all classes");

  private static final String MULTI_CLASS_KEY_OF_BUNDLES = "classesAccuracy";
  private static final Gson GSON = new Gson();

  private final String key;
  private final String label;

  RunMetric(String key, String label) {
    this.key = key;
    this.label = label;
  }

  /** {@return the key in JSON, such as {@code balancedAccuracy}} */
  public String key() {
    return key;
  }

  /** {@return the name for people} */
  public String label() {
    return label;
  }

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The validation metrics of {@code bundle.json}. */
  static Map<RunMetric, Estimate> ofBundle(JsonElement validationMetrics) {
    Map<RunMetric, Estimate> metrics = new EnumMap<>(RunMetric.class);
    if (validationMetrics instanceof JsonObject object) {
      for (RunMetric metric : values()) {
        put(
            metrics,
            metric,
            object.get(metric == MULTI_CLASS_ACCURACY ? MULTI_CLASS_KEY_OF_BUNDLES : metric.key));
      }
    }
    return metrics;
  }

  /** The metrics of {@code metrics.json}, or of a model of {@code comparison.json}. */
  static Map<RunMetric, Estimate> ofEvaluation(JsonObject evaluated) {
    Map<RunMetric, Estimate> metrics = new EnumMap<>(RunMetric.class);
    if (evaluated.get("binary") instanceof JsonObject binary) {
      for (RunMetric metric : values()) {
        put(metrics, metric, binary.get(metric.key));
      }
    }
    if (evaluated.get("multiClass") instanceof JsonObject multiClass
        && multiClass.get("classes") instanceof JsonArray classes
        && classes.size() > 2) {
      put(metrics, MULTI_CLASS_ACCURACY, multiClass.get("accuracy"));
    }
    return metrics;
  }

  private static void put(Map<RunMetric, Estimate> metrics, RunMetric metric, JsonElement element) {
    if (element instanceof JsonObject object) {
      metrics.put(metric, estimate(object));
    }
  }

  private static Estimate estimate(JsonObject object) {
    if (!object.has("value")) {
      JsonElement reason = object.get("reason");
      return new Estimate.Undefined(reason == null ? "unknown" : reason.getAsString());
    }
    try {
      return GSON.fromJson(object, Estimate.Defined.class);
    } catch (RuntimeException e) { // Gson wraps what the constructor of a record throws
      throw new JsonParseException("no metric: " + object, e);
    }
  }
}
