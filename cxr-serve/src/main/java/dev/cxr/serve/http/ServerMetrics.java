package dev.cxr.serve.http;

import dev.cxr.common.cli.Version;
import dev.cxr.serve.inference.ServedModel;
import io.prometheus.metrics.core.metrics.Counter;
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
import java.util.function.BooleanSupplier;

/** Prometheus metrics. No label holds anything that a client sends. */
final class ServerMetrics {

  static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter requests;
  private final Histogram requestDuration;
  private final Counter rejections;
  private final Histogram batchSizes;

  ServerMetrics() {
    requests =
        Counter.builder()
            .name("cxr_requests")
            .help("Requests by endpoint and status code.")
            .labelNames("endpoint", "code")
            .register(registry);
    requestDuration =
        Histogram.builder()
            .name("cxr_request_duration_seconds")
            .help("From the request's head to the end of the response, by endpoint.")
            .unit(Unit.SECONDS)
            .labelNames("endpoint")
            .classicOnly()
            .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30)
            .register(registry);
    rejections =
        Counter.builder()
            .name("cxr_rejected")
            .help("Predictions rejected because the queue was full, by model.")
            .labelNames("model")
            .register(registry);
    batchSizes =
        Histogram.builder()
            .name("cxr_batch_size")
            .help("Images per batch.")
            .classicOnly()
            .classicUpperBounds(1, 2, 4, 8, 16, 32, 64, 128)
            .register(registry);
    Info.builder()
        .name("cxr_build_info")
        .help("Version and commit of cxr.")
        .labelNames("version", "commit")
        .register(registry)
        .setLabelValues(Version.number(), Version.commit());
    JvmMetrics.builder().register(registry);
  }

  /** Adds the queue length and the rejection counter of each model, and the readiness of all. */
  void registerModels(List<ServedModel> models, BooleanSupplier ready) {
    GaugeWithCallback.builder()
        .name("cxr_ready")
        .help("1 while the server is ready, 0 once it shuts down or a model has failed.")
        .callback(gauge -> gauge.call(ready.getAsBoolean() ? 1 : 0))
        .register(registry);
    GaugeWithCallback.builder()
        .name("cxr_queue_waiting")
        .help("Decoded images waiting for the engine, by model and bundle.")
        .labelNames("model", "bundle")
        .callback(
            gauge ->
                models.forEach(
                    model -> gauge.call(model.queueSize(), model.name(), model.version())))
        .register(registry);
    models.forEach(model -> rejections.initLabelValues(model.name()));
  }

  void recordRequest(String endpoint, int code, double durationSeconds) {
    requests.labelValues(endpoint, String.valueOf(code)).inc();
    requestDuration.labelValues(endpoint).observe(durationSeconds);
  }

  void recordRejection(ServedModel model) {
    rejections.labelValues(model.name()).inc();
  }

  void recordBatch(int size) {
    batchSizes.observe(size);
  }

  /** The metrics with these names, or all if there are none, in Prometheus text format. */
  byte[] scrape(Collection<String> names) throws IOException {
    MetricSnapshots snapshots =
        registry.scrape(MetricNameFilter.builder().nameMustBeEqualTo(names).build());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusTextFormatWriter.create().write(out, snapshots);
    return out.toByteArray();
  }
}
