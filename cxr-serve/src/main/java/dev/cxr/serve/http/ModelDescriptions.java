package dev.cxr.serve.http;

import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.ServedModel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** JSON descriptions of the models, in the form of DJL Serving and of the bundles. */
final class ModelDescriptions {

  private static final int MAX_PAGE_SIZE = 100;

  private final ModelRegistry models;
  private final Instant startTime;

  ModelDescriptions(ModelRegistry models, Instant startTime) {
    this.models = models;
    this.startTime = startTime;
  }

  /** Status of a model in {@code GET /ping}. */
  record Health(String status) {

    static final Health HEALTHY = new Health("Healthy");
    static final Health UNHEALTHY = new Health("Unhealthy");
  }

  /** Response of {@code GET /models}. */
  record Page(@Nullable String nextPageToken, List<Entry> models) {

    /** A model in the list. */
    record Entry(String modelName, String version, String modelUrl, String status) {}
  }

  /** A version of a model in {@code GET /models/NAME}. */
  record Workflow(String workflowName, String version, List<WorkflowModel> models) {

    /** The only model of a workflow. */
    record WorkflowModel(
        String modelName,
        String modelUrl,
        int batchSize,
        long maxBatchDelayMillis,
        int maxIdleSeconds,
        int queueSize,
        int requestInQueue,
        String status,
        boolean loadedAtStartup,
        List<WorkerGroup> workerGroups) {}

    /** The workers on a device. */
    record WorkerGroup(Device device, int minWorkers, int maxWorkers, List<Worker> workers) {}

    /** The device of a group. */
    record Device(String deviceType, int deviceId) {}

    /** The thread that predicts. */
    record Worker(int id, String startTime, String status) {}
  }

  /** A bundle in {@code GET /bundles}. */
  record ServedBundle(
      String name,
      String bundle,
      String architecture,
      List<String> classes,
      String positiveClass,
      double threshold,
      String thresholdRule,
      int inputSide,
      String engine,
      String precision,
      boolean synthetic) {}

  /**
   * {@code GET /ping}: the status of every model, by name, once all have been checked.
   *
   * @param accepting false once the server shuts down, which makes all models unhealthy
   */
  CompletableFuture<Map<String, Health>> checkHealth(boolean accepting) {
    CompletableFuture<Map<String, Health>> result =
        CompletableFuture.completedFuture(new LinkedHashMap<>());
    for (ServedModel model : models.all()) {
      CompletableFuture<Boolean> check =
          accepting ? model.checkHealth() : CompletableFuture.completedFuture(false);
      result =
          result.thenCombine(
              check,
              (health, healthy) -> {
                health.merge(
                    model.name(),
                    healthy ? Health.HEALTHY : Health.UNHEALTHY,
                    (a, b) -> a.equals(Health.HEALTHY) ? b : a);
                return health;
              });
    }
    return result;
  }

  /**
   * {@code GET /models}, one page.
   *
   * @param limit models per page; below 1 or above 100 means 100
   * @param offset index of the first model
   */
  Page list(int limit, int offset) {
    List<ServedModel> all = models.all();
    int size = limit < 1 || limit > MAX_PAGE_SIZE ? MAX_PAGE_SIZE : limit;
    int begin = Math.min(Math.max(offset, 0), all.size());
    int end = Math.min(all.size(), begin + size);
    List<Page.Entry> page =
        all.subList(begin, end).stream()
            .map(model -> new Page.Entry(model.name(), model.version(), url(model), "READY"))
            .toList();
    return new Page(end < all.size() ? String.valueOf(end) : null, page);
  }

  /** {@code GET /models/NAME}: a version with its queue and worker. */
  Workflow describe(ServedModel model) {
    Workflow.WorkerGroup workers =
        new Workflow.WorkerGroup(
            new Workflow.Device("cpu", -1),
            1,
            1,
            List.of(new Workflow.Worker(1, startTime.toString(), "READY")));
    return new Workflow(
        model.name(),
        model.version(),
        List.of(
            new Workflow.WorkflowModel(
                model.name(),
                url(model),
                model.batchSettings().batchSize(),
                model.batchSettings().maxBatchDelay().toMillis(),
                0,
                model.batchSettings().jobQueueSize(),
                model.queueSize(),
                model.isHealthy() ? "Healthy" : "Unhealthy",
                true,
                List.of(workers))));
  }

  /** {@code GET /bundles}: what clients need in order to interpret predictions. */
  List<ServedBundle> bundles() {
    return models.all().stream().map(ModelDescriptions::bundle).toList();
  }

  private static ServedBundle bundle(ServedModel model) {
    Manifest manifest = model.bundle().manifest();
    return new ServedBundle(
        model.name(),
        model.version(),
        manifest.architecture(),
        manifest.classes(),
        manifest.positiveClass(),
        manifest.threshold().value(),
        manifest.threshold().rule(),
        manifest.input().side(),
        model.computation().engine().toString(),
        model.computation().precision().toString(),
        manifest.data().synthetic());
  }

  /** Does not reveal the bundle's folder. */
  private static String url(ServedModel model) {
    return "urn:cxr:bundle:" + model.version();
  }
}
