package dev.cxr.serve.http;

import dev.cxr.common.cli.Version;
import dev.cxr.serve.inference.ServedModel;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MetricNameFilter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/**
 * What is counted, for Prometheus. Labels are endpoints, status codes and model names, nothing that
 * a client sends.
 */
final class ServerMetrics {

  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final Histogram requestDuration;
  private final Counter rejections;
  private final Histogram batchSizes;
  private final Gauge readiness;

  ServerMetrics() {
    requests =
        Counter.builder()
            .name("cxr_requests")
            .help("Requests answered, by endpoint and status code.")
            .labelNames("endpoint", "code")
            .register(registry);
    requestDuration =
        Histogram.builder()
            .name("cxr_request_duration_seconds")
            .help("From a request's head to the end of its answer, by endpoint.")
            .unit(Unit.SECONDS)
            .labelNames("endpoint")
            .classicOnly()
            .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
            .register(registry);
    rejections =
        Counter.builder()
            .name("cxr_refused")
            .help("Predictions refused because the queue was full, by model.")
            .labelNames("model")
            .register(registry);
    batchSizes =
        Histogram.builder()
            .name("cxr_batch_size")
            .help("Pictures predicted at once.")
            .classicOnly()
            .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
            .register(registry);
    readiness =
        Gauge.builder()
            .name("cxr_ready")
            .help("1 while predictions are answered, 0 once the server is about to stop.")
            .register(registry);
    Info.builder()
        .name("cxr_build_info")
        .help("Which cxr this is.")
        .labelNames("version", "commit")
        .register(registry)
        .setLabelValues(Version.number(), Version.commit());
    JvmMetrics.builder().register(registry);
  }

  /** Counts the queues of these models, whose number does not change. */
  void registerModels(List<ServedModel> models) {
    GaugeWithCallback.builder()
        .name("cxr_queue_waiting")
        .help("Decoded pictures that wait for the engine, by model and bundle.")
        .labelNames("model", "bundle")
        .callback(
            gauge ->
                models.forEach(
                    model -> gauge.call(model.queueSize(), model.name(), model.version())))
        .register(registry);
    models.forEach(model -> rejections.initLabelValues(model.name()));
  }

  void recordRequest(Endpoint endpoint, int code, double durationSeconds) {
    requests.labelValues(endpoint.label(), String.valueOf(code)).inc();
    requestDuration.labelValues(endpoint.label()).observe(durationSeconds);
  }

  void rejections(ServedModel model) {
    rejections.labelValues(model.name()).inc();
  }

  void recordBatch(int size) {
    batchSizes.observe(size);
  }

  void readiness(boolean isReady) {
    readiness.set(isReady ? 1 : 0);
  }

  /**
   * All metrics, or those that are named.
   *
   * @param names empty for all
   */
  byte[] scrape(Collection<String> names) throws IOException {
    MetricSnapshots snapshots =
        names.isEmpty()
            ? registry.scrape()
            : registry.scrape(MetricNameFilter.builder().nameMustBeEqualTo(names).build());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, snapshots);
    return out.toByteArray();
  }
}
