package dev.cxr.serve.folder;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.command.ErrorFormatter;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.models.Prediction;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.engine.Computation;
import dev.cxr.serve.inference.BundlePredictor;
import dev.cxr.serve.inference.BundlePredictor.DecodedInput;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Predicts images into a CSV file; after an interruption it resumes.
 *
 * <p>The same images give the same bytes, however often it was interrupted: probabilities depend in
 * their last digits on the other images of a batch, so batches are formed by position in the list.
 */
public final class FolderPredictor {

  private static final int BATCH_SIZE = 16;

  /** One that is predicted, and those that are decoded meanwhile. */
  private static final int BATCHES_IN_MEMORY = 3;

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
   * @param computation how the probabilities were computed
   */
  public record FolderSummary(
      int predicted,
      int resumed,
      List<String> unreadable,
      double seconds,
      Computation computation) {}

  private record DecodingImage(FoundImage image, Future<DecodedInput> decoded) {}

  private record DecodingBatch(FileBatch batch, List<DecodingImage> images) {}

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
   * @param images the files, whose order determines the batches
   * @return the number of predicted and of unreadable files
   * @throws IOException if a file cannot be read or written; a later run resumes
   * @throws InterruptedException if this thread is interrupted; a later run resumes
   */
  public FolderSummary predict(List<FoundImage> images) throws IOException, InterruptedException {
    List<String> header = header();
    List<FileBatch> missing = new ArrayList<>();
    ExecutorService decodeExecutor =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    ExecutorService engineExecutor = Executors.newSingleThreadExecutor();
    try (BundlePredictor predictor =
            BundlePredictor.load(bundle, BATCH_SIZE, "Choose a smaller model.");
        PredictionLog log = PredictionLog.open(csvFile, modelId(predictor), header.size())) {
      long startNanos = System.nanoTime();
      for (int begin = 0; begin < images.size(); begin += BATCH_SIZE) {
        FileBatch batch =
            FileBatch.of(images.subList(begin, Math.min(begin + BATCH_SIZE, images.size())));
        if (!isComplete(batch, log)) {
          missing.add(batch);
        }
      }
      int missingImages = missing.stream().mapToInt(batch -> batch.images().size()).sum();
      List<String> unreadable;
      try (Progress progress = Progress.start("Predicting", " images", missingImages)) {
        unreadable = predict(missing, predictor, decodeExecutor, engineExecutor, log, progress);
      }
      log.finish(csvFile, header, images);
      return new FolderSummary(
          missingImages - unreadable.size(),
          images.size() - missingImages,
          unreadable,
          (System.nanoTime() - startNanos) / 1e9,
          predictor.computation());
    } finally {
      decodeExecutor.shutdownNow();
      engineExecutor.shutdownNow();
    }
  }

  /** Another computation has other probabilities. */
  private String modelId(BundlePredictor predictor) {
    Computation computation = predictor.computation();
    return "%s-%s-%s".formatted(bundle.id(), computation.engine(), computation.precision());
  }

  private boolean isComplete(FileBatch batch, PredictionLog log) {
    return log.contains(batch)
        && (heatmapFolder.isEmpty()
            || batch.images().stream()
                .allMatch(image -> Files.exists(heatmapFile(image, heatmapFolder.get()))));
  }

  /** Decodes the next batches while one is predicted; returns the unreadable images. */
  private List<String> predict(
      List<FileBatch> batches,
      BundlePredictor predictor,
      ExecutorService decodeExecutor,
      ExecutorService engineExecutor,
      PredictionLog log,
      Progress progress)
      throws IOException, InterruptedException {
    List<String> unreadable = new ArrayList<>();
    PredictionDetail detail =
        heatmapFolder.isEmpty() ? PredictionDetail.NONE : PredictionDetail.EXPLANATION_AND_IMAGE;
    Queue<DecodingBatch> decoding = new ArrayDeque<>();
    int next = 0;
    while (next < batches.size() || !decoding.isEmpty()) {
      if (next < batches.size() && decoding.size() < BATCHES_IN_MEMORY) {
        FileBatch batch = batches.get(next++);
        List<DecodingImage> images = new ArrayList<>();
        for (FoundImage image : batch.images()) {
          images.add(
              new DecodingImage(
                  image, decodeExecutor.submit(() -> decode(image, predictor, detail))));
        }
        decoding.add(new DecodingBatch(batch, images));
      } else {
        DecodingBatch batch = decoding.remove();
        predict(batch, predictor, engineExecutor, log, unreadable);
        progress.step(batch.images().size(), "");
      }
    }
    return unreadable;
  }

  private static DecodedInput decode(
      FoundImage image, BundlePredictor predictor, PredictionDetail detail) throws IOException {
    if (Files.size(image.path()) > MAX_FILE_BYTES) {
      throw new InvalidImageException(
          "expected a file of at most 64 MiB: save the image at a smaller size");
    }
    return predictor.decode(Files.readAllBytes(image.path()), detail);
  }

  /** Predicts the readable images of a batch and logs their rows together. */
  private void predict(
      DecodingBatch batch,
      BundlePredictor predictor,
      ExecutorService engineExecutor,
      PredictionLog log,
      List<String> unreadable)
      throws IOException, InterruptedException {
    List<FoundImage> images = new ArrayList<>();
    List<DecodedInput> inputs = new ArrayList<>();
    for (DecodingImage decoding : batch.images()) {
      try {
        inputs.add(decoding.decoded().get());
        images.add(decoding.image());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof IOException)) {
          throw new IllegalStateException("cannot decode " + decoding.image().path(), e.getCause());
        }
        unreadable.add(decoding.image().path() + ": " + ErrorFormatter.format(e.getCause()));
      }
    }
    List<Prediction> predictions = predict(inputs, predictor, engineExecutor);
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      Prediction prediction = predictions.get(i);
      if (heatmapFolder.isPresent()) {
        PredictionResult result = predictor.withDetails(inputs.get(i), prediction);
        writeHeatmap(images.get(i), result, heatmapFolder.get());
      }
      List<String> row = new ArrayList<>(List.of(images.get(i).name()));
      prediction.probabilities().values().forEach(p -> row.add(String.valueOf(p)));
      row.add(prediction.decision());
      rows.add(row);
    }
    log.append(batch.batch(), rows);
  }

  /**
   * Not on the thread that has loaded the model: while the engine has one group of threads only, it
   * waits for them actively, which takes twice the time on busy cores.
   */
  private static List<Prediction> predict(
      List<DecodedInput> inputs, BundlePredictor predictor, ExecutorService engineExecutor)
      throws InterruptedException {
    if (inputs.isEmpty()) {
      return List.of();
    }
    try {
      return engineExecutor.submit(() -> predictor.predict(inputs)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the model failed", e.getCause());
    }
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
