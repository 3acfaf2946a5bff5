package dev.cxr.eval.report;

import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.PatientInterval;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure as a table shows it.
 *
 * @param name what it is
 * @param value with three places, or that it is not defined
 * @param interval in closed form; empty if there is none
 * @param byPatient over resampled patients; empty if there is none
 * @param n how many examples it rests on; empty if it is not defined
 * @param reason why it is not defined; empty if it is
 */
public record MetricText(
    String name, String value, String interval, String byPatient, String n, String reason) {

  static MetricText of(String name, Estimate metric) {
    if (metric instanceof Estimate.Undefined undefined) {
      return new MetricText(name, "", "", "", "", undefined.reason());
    }
    Estimate.Defined defined = (Estimate.Defined) metric;
    PatientInterval byPatient = defined.byPatient();
    return new MetricText(
        name,
        number(defined.value()),
        text(defined.interval()),
        byPatient == null ? "" : text(byPatient.interval()),
        String.valueOf(defined.n()),
        "");
  }

  /** Whether there is a figure. */
  boolean isDefined() {
    return reason.isEmpty();
  }

  /** The closest there is to an honest interval: by patient if it is there. */
  String bestInterval() {
    return byPatient.isEmpty() ? interval : byPatient;
  }

  /** In a sentence, without an interval. */
  public static String plain(Estimate metric) {
    return metric instanceof Estimate.Defined defined
        ? number(defined.value())
        : "not defined (" + ((Estimate.Undefined) metric).reason() + ")";
  }

  /** In a sentence, with its best interval. */
  static String withInterval(Estimate metric) {
    MetricText text = of("", metric);
    return text.bestInterval().isEmpty()
        ? plain(metric)
        : text.value() + " (" + text.bestInterval() + ")";
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value).replaceFirst("^-", "−");
  }

  /** An interval of one point is a method that sees no doubt, and would only mislead. */
  private static String text(@Nullable Interval interval) {
    return interval == null || interval.low() == interval.high()
        ? ""
        : number(interval.low()) + " to " + number(interval.high());
  }
}
