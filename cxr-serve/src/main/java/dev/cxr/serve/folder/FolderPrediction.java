package dev.cxr.serve.folder;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.eval.explanation.HeatmapOverlay;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.serve.folder.Pictures.Picture;
import dev.cxr.serve.inference.Answer;
import dev.cxr.serve.inference.Asker;
import dev.cxr.serve.inference.Batching;
import dev.cxr.serve.inference.Extra;
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
public final class FolderPrediction {

  private static final Batching BATCHING = new Batching(16, Duration.ofMillis(20), 32);
  private static final int MOST_WITHIN = 32;
  private static final long LARGEST_FILE = 64 << 20;

  private final Bundle bundle;
  private final Path target;
  private final Optional<Path> heatmaps;

  /**
   * What was done.
   *
   * @param predicted how many pictures this try has predicted
   * @param kept how many an earlier one had
   * @param bad a line for each that is no picture that can be read, with its reason
   * @param seconds this try took, once the model was loaded
   */
  public record Outcome(int predicted, int kept, List<String> bad, double seconds) {}

  /** A picture that was answered or refused. */
  private record Done(Picture picture, @Nullable Answer answer, @Nullable Throwable failure) {}

  /** Puts what becomes of a picture with the others that are done. */
  private record Collector(Picture picture, BlockingQueue<Done> done) implements Asker {

    @Override
    public void answered(Answer answer) {
      done.add(new Done(picture, answer, null));
    }

    @Override
    public void failed(Throwable reason) {
      done.add(new Done(picture, null, reason));
    }
  }

  /**
   * Decides what to write.
   *
   * @param target the CSV file, replaced if it exists
   * @param heatmaps where to write a PNG of each picture with its heatmap, if anywhere
   */
  public FolderPrediction(Bundle bundle, Path target, Optional<Path> heatmaps) {
    this.bundle = bundle;
    this.target = target;
    this.heatmaps = heatmaps;
  }

  /**
   * Predicts pictures.
   *
   * @throws IOException if a file cannot be read or written; what was predicted is kept
   */
  public Outcome predict(List<Picture> pictures) throws IOException, InterruptedException {
    List<String> header = header();
    List<String> bad = new ArrayList<>();
    List<Picture> open = new ArrayList<>();
    ExecutorService decoders =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (Journal journal = Journal.open(target, bundle.id(), header.size());
        ServedModel model = ServedModel.load(bundle, BATCHING, decoders, size -> {})) {
      long began = System.nanoTime();
      for (Picture picture : pictures) {
        if (!isDone(picture, journal)) {
          open.add(picture);
        }
      }
      try (Progress progress = Progress.start("Predicting", " pictures", open.size())) {
        predict(open, model, journal, bad, progress);
      }
      journal.finish(target, header, pictures);
      return new Outcome(
          open.size() - bad.size(),
          pictures.size() - open.size(),
          bad,
          (System.nanoTime() - began) / 1e9);
    } finally {
      decoders.shutdown();
    }
  }

  private boolean isDone(Picture picture, Journal journal) throws IOException {
    return journal.has(picture)
        && (heatmaps.isEmpty() || Files.exists(heatmapOf(picture, heatmaps.get())));
  }

  /** Keeps a window of pictures within the model and takes them out as they are done. */
  private void predict(
      List<Picture> pictures,
      ServedModel model,
      Journal journal,
      List<String> bad,
      Progress progress)
      throws IOException, InterruptedException {
    Set<Extra> extras = heatmaps.isEmpty() ? Set.of() : Set.of(Extra.EXPLANATION, Extra.PICTURE);
    BlockingQueue<Done> done = new ArrayBlockingQueue<>(MOST_WITHIN);
    int within = 0;
    int next = 0;
    while (next < pictures.size() || within > 0) {
      if (next < pictures.size() && within < MOST_WITHIN) {
        Picture picture = pictures.get(next++);
        within++;
        try {
          model.ask(read(picture), extras, new Collector(picture, done));
        } catch (IOException e) {
          done.add(new Done(picture, null, e));
        }
        continue;
      }
      take(done.take(), model, journal, bad);
      within--;
      progress.step(1, "");
    }
  }

  private static byte[] read(Picture picture) throws IOException {
    if (Files.size(picture.path()) > LARGEST_FILE) {
      throw new InvalidImageException("expected at most 64 MiB: save the picture smaller");
    }
    return Files.readAllBytes(picture.path());
  }

  private void take(Done done, ServedModel model, Journal journal, List<String> bad)
      throws IOException {
    if (done.answer() == null) {
      Throwable reason = done.failure();
      if (!(reason instanceof IOException)) {
        throw new IllegalStateException("the model failed", reason);
      }
      bad.add(done.picture().path() + ": " + reason.getMessage());
      return;
    }
    Answer answer = done.answer();
    if (heatmaps.isPresent()) {
      writeHeatmap(done.picture(), answer, heatmaps.get());
    }
    List<String> row = new ArrayList<>(List.of(done.picture().name()));
    answer.probabilities().forEach(probability -> row.add(String.valueOf(probability)));
    row.add(model.decision(answer));
    journal.add(done.picture(), row);
  }

  private List<String> header() {
    List<String> header = new ArrayList<>(List.of("path"));
    bundle.manifest().classes().forEach(name -> header.add("p_" + name));
    header.add("decision");
    return header;
  }

  private static void writeHeatmap(Picture picture, Answer answer, Path folder) throws IOException {
    Optional<float[][]> heat =
        answer.explanation().flatMap(Answer.Explanation::heatmap).map(Answer.Heatmap::values);
    if (heat.isPresent() && answer.picture().isPresent()) {
      BufferedImage drawn = HeatmapOverlay.of(answer.picture().get(), heat.get());
      AtomicFile.write(heatmapOf(picture, folder), path -> PngEncoder.write(drawn, path));
    }
  }

  /** Within the folder, whatever the picture's path was. */
  private static Path heatmapOf(Picture picture, Path folder) {
    String name = picture.name().replace("..", "_").replaceAll("^[/\\\\]+|:", "_");
    Path file = folder.resolve(name + ".png").normalize();
    if (!file.startsWith(folder.normalize())) {
      throw new UncheckedIOException(new IOException("no name for a heatmap: " + picture.name()));
    }
    return file;
  }
}
