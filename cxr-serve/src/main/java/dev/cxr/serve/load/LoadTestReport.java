package dev.cxr.serve.load;

import com.google.gson.GsonBuilder;
import java.util.Map;

/**
 * The result of a load test.
 *
 * @param schema version of the JSON form, {@value #SCHEMA}
 * @param url the tested URL
 * @param clients number of concurrent clients
 * @param requestsPerSecond fixed rate of requests; 0 if each client waited for its responses
 * @param seconds duration
 * @param images number of different images
 * @param correct number of correct responses
 * @param rejected number of responses with status 503
 * @param incorrect number of predictions that differed from the expected ones
 * @param errors number of other failures, by kind
 * @param correctPerSecond throughput of correct responses
 * @param latency of correct responses
 * @param rejectionLatency of responses with status 503
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

  /** 1 named its fields otherwise. */
  public static final int SCHEMA = 2;

  /** Percentiles in milliseconds, from the time a request was due to its complete response. */
  public record Latency(double p50, double p95, double p99, double max) {}

  /** {@return whether every response was correct or a rejection} */
  public boolean isClean() {
    return incorrect == 0 && errors.isEmpty();
  }

  /** {@return the report as JSON} */
  public String toJson() {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(this) + "\n";
  }
}
