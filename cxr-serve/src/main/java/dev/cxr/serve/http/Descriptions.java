package dev.cxr.serve.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.ServedModel;
import java.time.Instant;
import java.util.List;

/** What the server says of its models: in DJL Serving's words, and in the bundle's own. */
final class Descriptions {

  private static final int LARGEST_PAGE = 100;

  private final ModelDirectory models;
  private final Instant started;

  Descriptions(ModelDirectory models, Instant started) {
    this.models = models;
    this.started = started;
  }

  /** {@code GET /ping}: every model by name. */
  JsonObject health(String status) {
    JsonObject all = new JsonObject();
    for (String name : models.names()) {
      JsonObject one = new JsonObject();
      one.addProperty("status", status);
      all.add(name, one);
    }
    return all;
  }

  /**
   * {@code GET /models}, a page of it.
   *
   * @param limit the most models on a page; below 1 or above 100 means 100
   * @param from how many come before
   */
  JsonObject list(int limit, int from) {
    List<ServedModel> all = models.all();
    int size = limit < 1 || limit > LARGEST_PAGE ? LARGEST_PAGE : limit;
    int begin = Math.min(Math.max(from, 0), all.size());
    int end = Math.min(all.size(), begin + size);
    JsonObject page = new JsonObject();
    if (end < all.size()) {
      page.addProperty("nextPageToken", String.valueOf(end));
    }
    JsonArray listed = new JsonArray();
    for (ServedModel model : all.subList(begin, end)) {
      JsonObject one = new JsonObject();
      one.addProperty("modelName", model.name());
      one.addProperty("version", model.version());
      one.addProperty("modelUrl", url(model));
      one.addProperty("status", "READY");
      listed.add(one);
    }
    page.add("models", listed);
    return page;
  }

  /** {@code GET /models/NAME}: each version with its queue and its worker. */
  JsonArray describe(List<ServedModel> versions) {
    JsonArray described = new JsonArray();
    versions.forEach(model -> described.add(describe(model)));
    return described;
  }

  private JsonObject describe(ServedModel model) {
    JsonObject one = new JsonObject();
    one.addProperty("modelName", model.name());
    one.addProperty("modelUrl", url(model));
    one.addProperty("batchSize", model.batching().batchSize());
    one.addProperty("maxBatchDelayMillis", model.batching().maxBatchDelay().toMillis());
    one.addProperty("maxIdleSeconds", 0);
    one.addProperty("queueSize", model.batching().jobQueueSize());
    one.addProperty("requestInQueue", model.waiting());
    one.addProperty("status", "Healthy");
    one.addProperty("loadedAtStartup", true);
    one.add("workerGroups", array(workers()));
    JsonObject workflow = new JsonObject();
    workflow.addProperty("workflowName", model.name());
    workflow.addProperty("version", model.version());
    workflow.add("models", array(one));
    return workflow;
  }

  private JsonObject workers() {
    JsonObject device = new JsonObject();
    device.addProperty("deviceType", "cpu");
    device.addProperty("deviceId", -1);
    JsonObject worker = new JsonObject();
    worker.addProperty("id", 1);
    worker.addProperty("startTime", started.toString());
    worker.addProperty("status", "READY");
    JsonObject group = new JsonObject();
    group.add("device", device);
    group.addProperty("minWorkers", 1);
    group.addProperty("maxWorkers", 1);
    group.add("workers", array(worker));
    return group;
  }

  /** {@code GET /bundles}: what the page, or a program, must know to read an answer. */
  JsonArray bundles() {
    JsonArray all = new JsonArray();
    for (ServedModel model : models.all()) {
      Manifest manifest = model.bundle().manifest();
      JsonObject one = new JsonObject();
      one.addProperty("name", model.name());
      one.addProperty("bundle", model.version());
      one.addProperty("architecture", manifest.architecture());
      JsonArray classes = new JsonArray();
      manifest.classes().forEach(classes::add);
      one.add("classes", classes);
      one.addProperty("positiveClass", manifest.positiveClass());
      one.addProperty("threshold", manifest.threshold().value());
      one.addProperty("thresholdChosenBy", manifest.threshold().rule());
      one.addProperty("inputSide", manifest.input().side());
      one.addProperty("synthetic", manifest.data().synthetic());
      all.add(one);
    }
    return all;
  }

  /** Names the bundle and not the folder, which is nobody's business. */
  private static String url(ServedModel model) {
    return "urn:cxr:bundle:" + model.version();
  }

  private static JsonArray array(JsonElement only) {
    JsonArray array = new JsonArray();
    array.add(only);
    return array;
  }
}
