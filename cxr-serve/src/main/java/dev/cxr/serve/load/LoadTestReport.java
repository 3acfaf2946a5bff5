package dev.cxr.serve.load;

import java.util.Map;

/**
 * What a load test found.
 *
 * @param schema of this form, {@value #SCHEMA}
 * @param url that was asked
 * @param clients how many asked at a time
 * @param requestsPerSecond that were sent whatever came back; 0 where each client waited for its
 *     answer
 * @param seconds it took
 * @param images how many different ones were sent
 * @param correct how many answers were right
 * @param rejected how many were told 503
 * @param incorrect how many answers differed from the one expected for their picture
 * @param errors how many failed otherwise, by what happened
 * @param correctPerSecond right ones
 * @param latency of right answers
 * @param rejectionLatency of 503s
 */
public record LoadTestReport(
    int schema,
    String url,
    int clients,
    double requestsPerSecond,
    double seconds,
    int images,
    long correct,
    long rejected,
    long incorrect,
    Map<String, Long> errors,
    double correctPerSecond,
    Latency latency,
    Latency rejectionLatency) {

  /** The first form there is. */
  public static final int SCHEMA = 1;

  /** Milliseconds from sending a request, or from when it was due, to its whole answer. */
  public record Latency(double p50, double p95, double p99, double max) {}

  /** Keeps what it was given as it is. */
  public LoadTestReport {
    errors = Map.copyOf(errors);
  }

  /** Whether every answer was right or a refusal. */
  public boolean isClean() {
    return incorrect == 0 && errors.isEmpty();
  }
}
