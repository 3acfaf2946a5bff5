package dev.cxr.serve.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.serve.inference.ServedModel;
import java.time.Instant;
import java.util.List;

/** What the server says of its models: in DJL Serving's words, and in the bundle's own. */
final class ModelDescriptions {

  private static final int MAX_PAGE_SIZE = 100;

  private final ModelRegistry models;
  private final Instant startTime;

  ModelDescriptions(ModelRegistry models, Instant startTime) {
    this.models = models;
    this.startTime = startTime;
  }

  /** {@code GET /ping}: every model by name. */
  JsonObject health(String status) {
    JsonObject all = new JsonObject();
    for (String name : models.names()) {
      JsonObject entry = new JsonObject();
      entry.addProperty("status", status);
      all.add(name, entry);
    }
    return all;
  }

  /**
   * {@code GET /models}, a page of it.
   *
   * @param limit the most models on a page; below 1 or above 100 means 100
   * @param offset how many come before
   */
  JsonObject list(int limit, int offset) {
    List<ServedModel> all = models.all();
    int size = limit < 1 || limit > MAX_PAGE_SIZE ? MAX_PAGE_SIZE : limit;
    int begin = Math.min(Math.max(offset, 0), all.size());
    int end = Math.min(all.size(), begin + size);
    JsonObject page = new JsonObject();
    if (end < all.size()) {
      page.addProperty("nextPageToken", String.valueOf(end));
    }
    JsonArray listed = new JsonArray();
    for (ServedModel model : all.subList(begin, end)) {
      JsonObject entry = new JsonObject();
      entry.addProperty("modelName", model.name());
      entry.addProperty("version", model.version());
      entry.addProperty("modelUrl", url(model));
      entry.addProperty("status", "READY");
      listed.add(entry);
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
    JsonObject description = new JsonObject();
    description.addProperty("modelName", model.name());
    description.addProperty("modelUrl", url(model));
    description.addProperty("batchSize", model.batchSettings().batchSize());
    description.addProperty(
        "maxBatchDelayMillis", model.batchSettings().maxBatchDelay().toMillis());
    description.addProperty("maxIdleSeconds", 0);
    description.addProperty("queueSize", model.batchSettings().jobQueueSize());
    description.addProperty("requestInQueue", model.queueSize());
    description.addProperty("status", "Healthy");
    description.addProperty("loadedAtStartup", true);
    description.add("workerGroups", array(workers()));
    JsonObject workflow = new JsonObject();
    workflow.addProperty("workflowName", model.name());
    workflow.addProperty("version", model.version());
    workflow.add("models", array(description));
    return workflow;
  }

  private JsonObject workers() {
    JsonObject device = new JsonObject();
    device.addProperty("deviceType", "cpu");
    device.addProperty("deviceId", -1);
    JsonObject worker = new JsonObject();
    worker.addProperty("id", 1);
    worker.addProperty("startTime", startTime.toString());
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
      JsonObject entry = new JsonObject();
      entry.addProperty("name", model.name());
      entry.addProperty("bundle", model.version());
      entry.addProperty("architecture", manifest.architecture());
      JsonArray classes = new JsonArray();
      manifest.classes().forEach(classes::add);
      entry.add("classes", classes);
      entry.addProperty("positiveClass", manifest.positiveClass());
      entry.addProperty("threshold", manifest.threshold().value());
      entry.addProperty("thresholdChosenBy", manifest.threshold().rule());
      entry.addProperty("inputSide", manifest.input().side());
      entry.addProperty("synthetic", manifest.data().synthetic());
      all.add(entry);
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
