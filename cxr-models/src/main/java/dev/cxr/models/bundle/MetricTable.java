package dev.cxr.models.bundle;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Validation metrics of {@code bundle.json} as Markdown tables; keys it does not know are left out.
 */
final class MetricTable {

  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("auroc", "AUROC");
    NAMES.put("averagePrecision", "average precision");
    NAMES.put("recall", "sensitivity (recall)");
    NAMES.put("specificity", "specificity");
    NAMES.put("precision", "precision (PPV)");
    NAMES.put("npv", "NPV");
    NAMES.put("f1", "F1");
    NAMES.put("accuracy", "accuracy");
    NAMES.put("balancedAccuracy", "balanced accuracy");
    NAMES.put("mcc", "Matthews correlation");
    NAMES.put("kappa", "Cohen's kappa");
    NAMES.put("brier", "Brier score");
    NAMES.put("logLoss", "log loss");
    NAMES.put("classesAccuracy", "accuracy over all classes");
    NAMES.put("classesBalancedAccuracy", "balanced accuracy over all classes");
    NAMES.put("classesMacroF1", "macro F1 over all classes");
  }

  private MetricTable() {}

  /** {@return the metrics with their intervals, then the confusion matrix} */
  static String of(JsonElement metrics, String positiveClass) {
    if (!(metrics instanceof JsonObject object)) {
      return "None recorded.";
    }
    StringBuilder text =
        new StringBuilder("| metric | value | 95 % interval | n |\n|---|---|---|---|");
    NAMES.forEach(
        (key, name) -> {
          if (object.has(key)) {
            text.append('\n').append(row(name, object.get(key)));
          }
        });
    if (object.get("confusion") instanceof JsonObject counts) {
      text.append(binaryConfusion(counts, positiveClass));
    }
    if (object.get("classesConfusion") instanceof JsonObject confusion) {
      text.append(confusion(confusion));
    }
    return text.toString();
  }

  private static String row(String name, JsonElement metric) {
    if (metric instanceof JsonPrimitive value) {
      return "| %s | %s | | |".formatted(name, number(value));
    }
    if (!(metric instanceof JsonObject object) || !object.has("value")) {
      return "| %s | undefined | | |".formatted(name);
    }
    return "| %s | %s | %s | %s |"
        .formatted(
            name,
            number(object.get("value")),
            object.get("interval") instanceof JsonObject interval
                ? "%s to %s".formatted(number(interval.get("low")), number(interval.get("high")))
                : "",
            object.has("n") ? object.get("n").getAsString() : "");
  }

  private static String number(JsonElement value) {
    return String.format(Locale.ROOT, "%.3f", value.getAsDouble());
  }

  private static String binaryConfusion(JsonObject counts, String positiveClass) {
    return """


        | | predicted %1$s | predicted other |
        |---|---|---|
        | actual %1$s | %2$s | %3$s |
        | actual other | %4$s | %5$s |\
        """
        .formatted(
            positiveClass, counts.get("tp"), counts.get("fn"), counts.get("fp"), counts.get("tn"));
  }

  private static String confusion(JsonObject confusion) {
    JsonArray classes = confusion.getAsJsonArray("classes");
    JsonArray counts = confusion.getAsJsonArray("counts");
    StringBuilder text = new StringBuilder("\n\n| |");
    classes.forEach(name -> text.append(" predicted ").append(name.getAsString()).append(" |"));
    text.append("\n|---|").append("---|".repeat(classes.size()));
    for (int i = 0; i < classes.size(); i++) {
      text.append("\n| actual ").append(classes.get(i).getAsString()).append(" |");
      counts.get(i).getAsJsonArray().forEach(n -> text.append(' ').append(n).append(" |"));
    }
    return text.toString();
  }
}
