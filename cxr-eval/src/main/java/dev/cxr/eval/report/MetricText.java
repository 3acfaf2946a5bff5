package dev.cxr.eval.report;

import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.Interval;
import dev.cxr.eval.metrics.PatientInterval;
import dev.cxr.models.bundle.Manifest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A metric as text for tables and sentences.
 *
 * @param name label
 * @param value with three decimal places; empty if not defined
 * @param interval closed-form 95 % interval; empty if there is none
 * @param byPatient 95 % bootstrap interval by patient; empty if there is none
 * @param n number of examples; empty if not defined
 * @param reason why the metric is not defined; empty if it is
 */
public record MetricText(
    String name, String value, String interval, String byPatient, String n, String reason) {

  /** The form in which a template shows a value: metrics, numbers and findings as text. */
  static Object display(Object value) {
    return value instanceof Estimate metric
        ? of("", metric)
        : value instanceof Double number
            ? number(number)
            : value instanceof Finding finding ? finding.displayName() : value;
  }

  /** Such as {@code viral pneumonia}. */
  static String className(String name) {
    return new Finding(name).displayName();
  }

  /** The positive class of a model for several classes. */
  static String positive(Manifest manifest) {
    return manifest.task().equals(Task.THREE_CLASS)
        ? "any pneumonia"
        : className(manifest.positiveClass());
  }

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

  /** Whether the metric has a value. */
  boolean isDefined() {
    return reason.isEmpty();
  }

  /** The interval by patient if there is one, else the closed-form one. */
  String bestInterval() {
    return byPatient.isEmpty() ? interval : byPatient;
  }

  /**
   * {@return the value with three decimal places, or why it is not defined}
   *
   * @param metric the metric
   */
  public static String plain(Estimate metric) {
    return metric instanceof Estimate.Defined defined
        ? number(defined.value())
        : "not defined (" + ((Estimate.Undefined) metric).reason() + ")";
  }

  /**
   * {@return the value with its best interval, such as {@code 0.947 (0.904 to 0.990)}, or why it is
   * not defined}
   *
   * @param metric the metric
   */
  public static String withInterval(Estimate metric) {
    MetricText text = of("", metric);
    return text.bestInterval().isEmpty()
        ? plain(metric)
        : text.value() + " (" + text.bestInterval() + ")";
  }

  static String number(double value) {
    return value > 0 && value < 0.001
        ? "< 0.001"
        : String.format(Locale.ROOT, "%.3f", value).replaceFirst("^-", "−");
  }

  /** Empty for an interval of zero width, which would only mislead. */
  private static String text(@Nullable Interval interval) {
    return interval == null || interval.low() == interval.high()
        ? ""
        : number(interval.low()) + " to " + number(interval.high());
  }
}
