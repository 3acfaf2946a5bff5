package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.cxr.data.image.PngEncoder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.ValidationSplitRule;
import dev.cxr.data.index.Xray;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingListener;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A short run with every option: an epoch has 5 training batches and 1 validation batch. */
public final class SmallRun {

  static final Map<String, String> SETTINGS = settings();

  private SmallRun() {}

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("side", "32");
    settings.put("epochs", "3");
    settings.put("batch-size", "16");
    settings.put("validation.fraction", "0.3");
    settings.put("schedule", "cosine");
    settings.put("warm-up-steps", "3");
    settings.put("label-smoothing", "0.05");
    settings.put("adam", "{weight-decay: 0.02, clip-norm: 1.0}");
    settings.put("ema", "{decay: 0.9, start: warmed-up}");
    settings.put("phases", "[{from-epoch: 1, factors: {conv1: 0}}, {from-epoch: 2, others: 0.5}]");
    settings.put("plateau", "{factor: 0.5, patience: 1, min-delta: 10}");
    return settings;
  }

  /** Writes 40 normal and 40 pneumonia images of 32 x 32. */
  public static void writeImages(Path folder) throws IOException {
    List<Xray> sample = syntheticTrainImages();
    int size = sample.size();
    write(
        folder,
        Stream.concat(sample.subList(0, 40).stream(), sample.subList(size - 40, size).stream()));
  }

  /** Writes 40 images of 32 x 32 of each class. */
  static void writeImagesOfEveryClass(Path folder) throws IOException {
    for (Finding finding :
        List.of(Finding.NORMAL, Finding.BACTERIAL_PNEUMONIA, Finding.VIRAL_PNEUMONIA)) {
      write(
          folder,
          syntheticTrainImages().stream().filter(x -> x.finding().equals(finding)).limit(40));
    }
  }

  /** Writes 40 normal images of 32 x 32. */
  static void writeNormals(Path folder) throws IOException {
    write(
        folder,
        syntheticTrainImages().stream().filter(x -> x.finding().equals(Finding.NORMAL)).limit(40));
  }

  private static List<Xray> syntheticTrainImages() throws IOException {
    return DatasetReader.read(DatasetIndex.SYNTHETIC, ValidationSplitRule.DEFAULT)
        .inSplit(Split.TRAIN);
  }

  private static void write(Path folder, Stream<Xray> xrays) throws IOException {
    for (Xray xray : xrays.toList()) {
      Path file = folder.resolve(xray.id());
      Files.createDirectories(file.getParent());
      PngEncoder.write(Resampler.resize(xray.source().read(), 32, 32), file);
    }
  }

  static Recipes.ResolvedRecipe recipe() throws IOException {
    return Recipes.read("quick", SETTINGS);
  }

  static DatasetLocation source(Path folder) {
    return new DatasetLocation(folder.toString(), null, null, null);
  }

  /** Saves after every epoch and when stopped. */
  static TrainingOptions options(StopSignal stop) {
    return new TrainingOptions(stop, Duration.ofHours(1), Device.cpu(), TrainingListener.NONE);
  }

  static void train(Path data, Path run) throws IOException {
    TrainingLauncher.start(recipe(), source(data), run, options(new StopSignal()));
  }

  /** Starts a run that stops at a certain check. */
  static void trainAndStop(Path data, Path run, int checks) {
    assertThatThrownBy(
            () -> TrainingLauncher.start(recipe(), source(data), run, options(stopAfter(checks))))
        .isInstanceOf(StopSignal.StopRequestedException.class);
  }

  static void resume(Path data, Path run, StopSignal stop) throws IOException {
    TrainingLauncher.resume(run, source(data), options(stop));
  }

  /** Stops at a certain check; there is one before every batch of any kind. */
  static StopSignal stopAfter(int checks) {
    return new StopSignal() {
      private int left = checks;

      @Override
      public void throwIfRequested() {
        if (left-- == 0) {
          request();
        }
        super.throwIfRequested();
      }
    };
  }

  static Map<String, byte[]> bundle(Path run) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(run.resolve(RunFolder.BUNDLE))) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }
}
