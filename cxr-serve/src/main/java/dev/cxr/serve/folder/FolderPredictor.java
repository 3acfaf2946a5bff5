package dev.cxr.serve.folder;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.folder.ImageInputs.InputImage;
import dev.cxr.serve.inference.BatchSettings;
import dev.cxr.serve.inference.PredictionCallback;
import dev.cxr.serve.inference.PredictionDetail;
import dev.cxr.serve.inference.PredictionResult;
import dev.cxr.serve.inference.ServedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Predicts pictures and writes a CSV file of them; what an interrupted try has done is kept. */
public final class FolderPredictor {

  private static final BatchSettings BATCH_SETTINGS =
      new BatchSettings(16, Duration.ofMillis(20), 32);
  private static final int MAX_IN_FLIGHT = 32;
  private static final long MAX_FILE_BYTES = 64 << 20;

  private final Bundle bundle;
  private final Path csvFile;
  private final Optional<Path> heatmapFolder;

  /**
   * What was done.
   *
   * @param predicted how many pictures this try has predicted
   * @param resumed how many an earlier one had
   * @param unreadable a line for each that is no picture that can be read, with its reason
   * @param seconds this try took, once the model was loaded
   */
  public record FolderSummary(
      int predicted, int resumed, List<String> unreadable, double seconds) {}

  /** A picture that was answered or refused. */
  private record CompletedImage(
      InputImage image, @Nullable PredictionResult result, @Nullable Throwable failure) {}

  /** Puts what becomes of a picture with the others that are done. */
  private record QueueCallback(InputImage image, BlockingQueue<CompletedImage> completed)
      implements PredictionCallback {

    @Override
    public void onResult(PredictionResult answer) {
      completed.add(new CompletedImage(image, answer, null));
    }

    @Override
    public void onFailure(Throwable reason) {
      completed.add(new CompletedImage(image, null, reason));
    }
  }

  /**
   * Decides what to write.
   *
   * @param csvFile the CSV file, replaced if it exists
   * @param heatmapFolder where to write a PNG of each picture with its heatmap, if anywhere
   */
  public FolderPredictor(Bundle bundle, Path csvFile, Optional<Path> heatmapFolder) {
    this.bundle = bundle;
    this.csvFile = csvFile;
    this.heatmapFolder = heatmapFolder;
  }

  /**
   * Predicts pictures.
   *
   * @throws IOException if a file cannot be read or written; what was predicted is kept
   */
  public FolderSummary predict(List<InputImage> images) throws IOException, InterruptedException {
    List<String> header = header();
    List<String> unreadable = new ArrayList<>();
    List<InputImage> pending = new ArrayList<>();
    ExecutorService decoders =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (PredictionLog log = PredictionLog.open(csvFile, bundle.id(), header.size());
        ServedModel model = ServedModel.load(bundle, BATCH_SETTINGS, decoders, size -> {})) {
      long startNanos = System.nanoTime();
      for (InputImage image : images) {
        if (!isComplete(image, log)) {
          pending.add(image);
        }
      }
      try (Progress progress = Progress.start("Predicting", " pictures", pending.size())) {
        predict(pending, model, log, unreadable, progress);
      }
      log.finish(csvFile, header, images);
      return new FolderSummary(
          pending.size() - unreadable.size(),
          images.size() - pending.size(),
          unreadable,
          (System.nanoTime() - startNanos) / 1e9);
    } finally {
      decoders.shutdown();
    }
  }

  private boolean isComplete(InputImage image, PredictionLog log) throws IOException {
    return log.contains(image)
        && (heatmapFolder.isEmpty() || Files.exists(heatmapFile(image, heatmapFolder.get())));
  }

  /** Keeps a window of pictures within the model and takes them out as they are done. */
  private void predict(
      List<InputImage> images,
      ServedModel model,
      PredictionLog log,
      List<String> unreadable,
      Progress progress)
      throws IOException, InterruptedException {
    Set<PredictionDetail> details =
        heatmapFolder.isEmpty()
            ? Set.of()
            : Set.of(PredictionDetail.EXPLANATION, PredictionDetail.IMAGE);
    BlockingQueue<CompletedImage> completed = new ArrayBlockingQueue<>(MAX_IN_FLIGHT);
    int inFlight = 0;
    int next = 0;
    while (next < images.size() || inFlight > 0) {
      if (next < images.size() && inFlight < MAX_IN_FLIGHT) {
        InputImage image = images.get(next++);
        inFlight++;
        try {
          model.predictAsync(read(image), details, new QueueCallback(image, completed));
        } catch (IOException e) {
          completed.add(new CompletedImage(image, null, e));
        }
        continue;
      }
      recordResult(completed.take(), model, log, unreadable);
      inFlight--;
      progress.step(1, "");
    }
  }

  private static byte[] read(InputImage image) throws IOException {
    if (Files.size(image.path()) > MAX_FILE_BYTES) {
      throw new InvalidImageException("expected at most 64 MiB: save the picture smaller");
    }
    return Files.readAllBytes(image.path());
  }

  private void recordResult(
      CompletedImage completed, ServedModel model, PredictionLog log, List<String> unreadable)
      throws IOException {
    if (completed.result() == null) {
      Throwable reason = completed.failure();
      if (!(reason instanceof IOException)) {
        throw new IllegalStateException("the model failed", reason);
      }
      unreadable.add(completed.image().path() + ": " + reason.getMessage());
      return;
    }
    PredictionResult result = completed.result();
    if (heatmapFolder.isPresent()) {
      writeHeatmap(completed.image(), result, heatmapFolder.get());
    }
    List<String> row = new ArrayList<>(List.of(completed.image().name()));
    result.probabilities().forEach(probability -> row.add(String.valueOf(probability)));
    row.add(model.decision(result));
    log.append(completed.image(), row);
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("path"));
    bundle.manifest().classes().forEach(name -> header.add("p_" + name));
    header.add("decision");
    return header;
  }

  private static void writeHeatmap(InputImage image, PredictionResult result, Path folder)
      throws IOException {
    Optional<float[][]> values =
        result
            .explanation()
            .flatMap(PredictionResult.Explanation::heatmap)
            .map(PredictionResult.Heatmap::values);
    if (values.isPresent() && result.image().isPresent()) {
      BufferedImage overlay = HeatmapOverlay.of(result.image().get(), values.get());
      AtomicFile.write(heatmapFile(image, folder), path -> PngEncoder.write(overlay, path));
    }
  }

  /** Within the folder, whatever the picture's path was. */
  private static Path heatmapFile(InputImage image, Path folder) {
    String name = image.name().replace("..", "_").replaceAll("^[/\\\\]+|:", "_");
    Path file = folder.resolve(name + ".png").normalize();
    if (!file.startsWith(folder.normalize())) {
      throw new UncheckedIOException(new IOException("no name for a heatmap: " + image.name()));
    }
    return file;
  }
}
