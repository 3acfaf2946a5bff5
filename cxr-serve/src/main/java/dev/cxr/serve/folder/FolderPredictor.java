package dev.cxr.serve.folder;

import dev.cxr.common.cli.ErrorFormatter;
import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
import dev.cxr.serve.inference.ServedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Predicts images into a CSV file; after an interruption it resumes. */
public final class FolderPredictor {

  private static final BatchSettings BATCH_SETTINGS =
      new BatchSettings(16, Duration.ofMillis(20), 32);
  private static final int MAX_IN_FLIGHT = 32;
  private static final long MAX_FILE_BYTES = 64 << 20;

  private final Bundle bundle;
  private final Path csvFile;
  private final Optional<Path> heatmapFolder;

  /**
   * Summary of a run.
   *
   * @param predicted number of images predicted in this run
   * @param resumed number of images predicted in an earlier run
   * @param unreadable one line with the reason for each file that cannot be read
   * @param seconds duration without loading the model
   */
  public record FolderSummary(
      int predicted, int resumed, List<String> unreadable, double seconds) {}

  private record PendingImage(FoundImage image, CompletableFuture<PredictionResult> result) {}

  /**
   * Creates a predictor.
   *
   * @param bundle the model
   * @param csvFile written at the end, replacing an existing file
   * @param heatmapFolder for a PNG of each image with its heatmap; empty for none
   */
  public FolderPredictor(Bundle bundle, Path csvFile, Optional<Path> heatmapFolder) {
    this.bundle = bundle;
    this.csvFile = csvFile;
    this.heatmapFolder = heatmapFolder;
  }

  /**
   * Predicts images.
   *
   * @param images the files; several may be in the model at a time
   * @return the number of predicted and of unreadable files
   * @throws IOException if a file cannot be read or written; a later run resumes
   * @throws InterruptedException if this thread is interrupted; a later run resumes
   */
  public FolderSummary predict(List<FoundImage> images) throws IOException, InterruptedException {
    List<String> header = header();
    List<FoundImage> missing = new ArrayList<>();
    ExecutorService decodeExecutor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (PredictionLog log = PredictionLog.open(csvFile, bundle.id(), header.size());
        ServedModel model = ServedModel.load(bundle, BATCH_SETTINGS, decodeExecutor, size -> {})) {
      long startNanos = System.nanoTime();
      for (FoundImage image : images) {
        if (!isComplete(image, log)) {
          missing.add(image);
        }
      }
      List<String> unreadable;
      try (Progress progress = Progress.start("Predicting", " images", missing.size())) {
        unreadable = predict(missing, model, log, progress);
      }
      log.finish(csvFile, header, images);
      return new FolderSummary(
          missing.size() - unreadable.size(),
          images.size() - missing.size(),
          unreadable,
          (System.nanoTime() - startNanos) / 1e9);
    } finally {
      decodeExecutor.shutdown();
    }
  }

  private boolean isComplete(FoundImage image, PredictionLog log) throws IOException {
    return log.contains(image)
        && (heatmapFolder.isEmpty() || Files.exists(heatmapFile(image, heatmapFolder.get())));
  }

  /** Keeps a limited number of images in the model at a time; returns the unreadable ones. */
  private List<String> predict(
      List<FoundImage> images, ServedModel model, PredictionLog log, Progress progress)
      throws IOException, InterruptedException {
    List<String> unreadable = new ArrayList<>();
    PredictionDetail detail =
        heatmapFolder.isEmpty() ? PredictionDetail.NONE : PredictionDetail.EXPLANATION_AND_IMAGE;
    Queue<PendingImage> inFlight = new ArrayDeque<>();
    int next = 0;
    while (next < images.size() || !inFlight.isEmpty()) {
      if (next < images.size() && inFlight.size() < MAX_IN_FLIGHT) {
        FoundImage image = images.get(next++);
        inFlight.add(new PendingImage(image, submit(image, model, detail)));
      } else {
        record(inFlight.remove(), log, unreadable);
        progress.step(1, "");
      }
    }
    return unreadable;
  }

  private static CompletableFuture<PredictionResult> submit(
      FoundImage image, ServedModel model, PredictionDetail detail) {
    try {
      if (Files.size(image.path()) > MAX_FILE_BYTES) {
        throw new InvalidImageException(
            "expected a file of at most 64 MiB: save the image at a smaller size");
      }
      return model.predict(Files.readAllBytes(image.path()), detail);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void record(PendingImage pending, PredictionLog log, List<String> unreadable)
      throws IOException, InterruptedException {
    PredictionResult result;
    try {
      result = pending.result().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw new IllegalStateException("the model failed", e.getCause());
      }
      unreadable.add(pending.image().path() + ": " + ErrorFormatter.format(e.getCause()));
      return;
    }
    if (heatmapFolder.isPresent()) {
      writeHeatmap(pending.image(), result, heatmapFolder.get());
    }
    List<String> row = new ArrayList<>(List.of(pending.image().name()));
    result.prediction().probabilities().values().forEach(p -> row.add(String.valueOf(p)));
    row.add(result.prediction().decision());
    log.append(pending.image(), row);
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("path"));
    bundle.manifest().classes().forEach(name -> header.add("p_" + name));
    header.add("decision");
    return header;
  }

  private static void writeHeatmap(FoundImage image, PredictionResult result, Path folder)
      throws IOException {
    if (result.heatmap().isPresent() && result.image().isPresent()) {
      BufferedImage overlay = result.heatmap().get().overlay(result.image().get());
      AtomicFile.write(heatmapFile(image, folder), path -> PngEncoder.write(overlay, path));
    }
  }

  /** Always inside the folder, whatever the image's path is. */
  private static Path heatmapFile(FoundImage image, Path folder) {
    String name = image.name().replace("..", "_").replaceAll("^[/\\\\]+|:", "_");
    return folder.resolve(name + ".png");
  }
}
