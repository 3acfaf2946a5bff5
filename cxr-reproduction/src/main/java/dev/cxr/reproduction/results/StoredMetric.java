package dev.cxr.reproduction.results;

import com.google.gson.JsonObject;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A metric as it is stored.
 *
 * @param value between 0 and 1; null if it is not defined
 * @param n number of examples
 * @param interval 95 %, by patient where that is known; null if there is none
 * @param reason why it is not defined; null if it is
 */
record StoredMetric(
    @Nullable Double value, long n, @Nullable Interval interval, @Nullable String reason) {

  StoredMetric {
    if (value != null && !(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException("a metric of " + value);
    }
    if (n < 0) {
      throw new IllegalArgumentException("a metric of %d images".formatted(n));
    }
  }

  /** A metric that an older result does not have. */
  static final StoredMetric NOT_STORED = new StoredMetric(null, 0, null, StoredResult.NOT_STORED);

  /** Reads a metric of metrics.json. */
  static StoredMetric of(JsonObject json) {
    if (json.has("reason")) {
      return new StoredMetric(null, 0, null, json.get("reason").getAsString());
    }
    JsonObject found = interval(json.getAsJsonObject("byPatient"));
    if (found == null) { // at 0 or 1 all resamples are equal, and give no interval
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
        : new Estimate.Undefined(reason == null ? "unknown" : reason);
  }

  boolean reaches(double goal) {
    return value != null && value >= goal;
  }

  /** Whether the value or its interval reaches the goal. */
  boolean isConsistentWith(double goal) {
    return reaches(goal) || (interval != null && interval.high() >= goal);
  }

  /** The value with its interval. */
  String text() {
    if (value == null) {
      return "not defined";
    }
    return interval == null ? number(value) : "%s (%s)".formatted(number(value), intervalText());
  }

  String intervalText() {
    return interval == null
        ? ""
        : "%s to %s".formatted(number(interval.low()), number(interval.high()));
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
