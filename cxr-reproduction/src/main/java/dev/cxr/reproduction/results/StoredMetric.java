package dev.cxr.reproduction.results;

import com.google.gson.JsonObject;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure as it is kept.
 *
 * @param value the figure; null where it is not defined
 * @param n how many examples it rests on
 * @param interval 95 %, by patient where patients were resampled; null where there is none
 * @param reason why it is not defined; null where it is
 */
record StoredMetric(
    @Nullable Double value, long n, @Nullable Interval interval, @Nullable String reason) {

  StoredMetric {
    if (value != null && !(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("a figure of " + value);
    }
    if (n < 0) {
      throw new IllegalArgumentException("a figure of %d pictures".formatted(n));
    }
  }

  /** Stands for one that an older result has not. */
  static final StoredMetric NOT_STORED = new StoredMetric(null, 0, null, StoredResult.NOT_STORED);

  /** As metrics.json has it. */
  static StoredMetric of(JsonObject json) {
    if (json.has("reason")) {
      return new StoredMetric(null, 0, null, json.get("reason").getAsString());
    }
    JsonObject found = interval(json.getAsJsonObject("byPatient"));
    if (found == null) { // resamples of a figure at its end are all alike, and have none
      found = interval(json);
    }
    return new StoredMetric(
        json.get("value").getAsDouble(),
        json.get("n").getAsLong(),
        found == null
            ? null
            : new Interval(found.get("low").getAsDouble(), found.get("high").getAsDouble()),
        null);
  }

  private static @Nullable JsonObject interval(@Nullable JsonObject holder) {
    return holder == null ? null : holder.getAsJsonObject("interval");
  }

  Estimate estimate() {
    return value != null
        ? new Estimate.Defined(value, n, interval)
        : new Estimate.Undefined(reason == null ? "not told" : reason);
  }

  boolean reaches(double wanted) {
    return value != null && value >= wanted;
  }

  /** Whether so much cannot be told from it. */
  boolean isConsistentWith(double wanted) {
    return reaches(wanted) || (interval != null && interval.high() >= wanted);
  }

  String text() {
    if (value == null) {
      return "not defined";
    }
    return interval == null
        ? number(value)
        : "%s (%s to %s)".formatted(number(value), number(interval.low()), number(interval.high()));
  }

  /** Without its interval. */
  String valueText() {
    return value == null ? "–" : number(value);
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
