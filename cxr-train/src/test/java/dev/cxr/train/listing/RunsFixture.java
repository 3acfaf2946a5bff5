package dev.cxr.train.listing;

import dev.cxr.common.files.Sha256;
import dev.cxr.train.loop.EpochMetrics;
import dev.cxr.train.loop.RunLog;
import dev.cxr.train.loop.TrainingHistory;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.DatasetLocation;
import dev.cxr.train.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A folder of runs as the commands leave it, without training anything. */
record RunsFixture(Path folder) {

  /** Creates a run folder that has not begun. */
  Path run(String name, Map<String, String> overrides) throws IOException {
    return run(name, overrides, "synthetic", 1);
  }

  Path run(String name, Map<String, String> overrides, String data, int seeds) throws IOException {
    Path run = folder.resolve(name);
    RunFolder.create(
        run,
        Recipes.read("quick", overrides),
        new RunFolder.RunRequest(DatasetLocation.of(data, null, List.of(), null), seeds, "0123"));
    return run;
  }

  /** A run that has trained some epochs, the last one the best; started on a day of March 2026. */
  Path run(String name, Map<String, String> overrides, int day, int epochs, String lastLines)
      throws IOException {
    Path run = run(name, overrides);
    train(run, day, epochs, lastLines);
    return run;
  }

  static void train(Path run, int day, int epochs, String lastLines) throws IOException {
    if (epochs > 0) {
      TrainingHistory.write(
          run.resolve(TrainingHistory.FILE),
          IntStream.rangeClosed(1, epochs)
              .mapToObj(i -> new EpochMetrics(i, 1.0 / i, 0.7, 2.0 / i, 0.8, 0.8 + i / 100.0, 1e-4))
              .toList());
    }
    String date = "2026-03-%02dT".formatted(day);
    Files.writeString(
        run.resolve(RunLog.FILE),
        date + "10:00:00.000Z  start\n" + lastLines.replaceAll("(?m)^", date));
  }

  /** A finished run with a bundle. */
  Path finished(String name, Map<String, String> overrides, int day, double auroc)
      throws IOException {
    Path run = run(name, overrides, day, 12, "11:00:00.000Z  end");
    bundle(run.resolve("bundle"), auroc);
    return run;
  }

  /** A bundle without weights; its id depends on the name of its folder's parent and the AUROC. */
  static String bundle(Path bundle, double auroc) throws IOException {
    Files.createDirectories(bundle);
    Files.writeString(
        bundle.resolve("bundle.json"),
        """
        {"formatVersion": 2, "name": "quick", "task": "binary", "architecture": "binary-cnn",
         "input": {"side": 112, "mean": [0.0], "std": [1.0]}, "resize": "antialiased-bilinear",
         "classes": ["NORMAL", "PNEUMONIA"], "positiveClass": "PNEUMONIA",
         "threshold": {"value": 0.3, "rule": "greatest Youden index on validation"},
         "temperature": 1.0,
         "data": {"name": "synthetic", "synthetic": true, "splitRule": "by patient",
           "validationRule": {"source": "GROUPS", "fraction": 0.1, "seed": 0, "fold": 1},
           "splits": {}},
         "recipe": {"name": "quick"}, "epoch": 12,
         "versions": {"cxr": "0.1.0", "gitCommit": "abc", "djl": "0.38.0", "pytorch": "2.7.1",
           "java": "17"},
         "validationMetrics": {
           "auroc": {"value": %1$s, "n": 93, "interval": {"low": %2$s, "high": 0.99}},
           "recall": {"value": 0.9, "n": 38, "interval": {"low": 0.8, "high": 0.95}},
           "mcc": {"reason": "of one class only"},
           "precision": {"reason": "no positive prediction"}}}
        """
            .formatted(auroc, auroc - 0.05));
    return sums(bundle);
  }

  /** Writes the checksum file, whose own checksum is the id. */
  static String sums(Path bundle) throws IOException {
    Path sums = bundle.resolve("SHA256SUMS");
    Files.writeString(sums, Sha256.hex(bundle.toString()) + "  bundle.json\n");
    return Sha256.hex(sums).substring(0, 12);
  }

  static String id(Path run) throws IOException {
    return Sha256.hex(run.resolve("bundle/SHA256SUMS")).substring(0, 12);
  }

  /** An evaluation of one bundle. */
  Path evaluation(String name, String bundle, String dataset, String split, int day, double auroc)
      throws IOException {
    return result(
        name,
        "metrics.json",
        day,
        """
        {"schemaVersion": 3, "bundle": {"id": "%s", "name": "quick"},
         "data": {"name": "%s", "split": "%s", "images": 120},
         "settings": {"thresholdRule": "greatest Youden index on validation"},
         "metrics": {"binary": {
             "auroc": {"value": %s, "n": 120, "interval": {"low": 0.1, "high": 0.99},
               "byPatient": {"interval": {"low": 0.5, "high": 0.98}, "resamples": 2000,
                 "undefined": 0}},
             "recall": {"value": 0.7, "n": 50}},
           "multiClass": {"classes": [{}, {}], "accuracy": {"value": 0.1, "n": 120}}}}
        """
            .formatted(bundle, dataset, split, auroc));
  }

  /** A comparison of two bundles on the synthetic test split. */
  Path comparison(String name, String first, String second, int day) throws IOException {
    String model =
        """
        {"settings": {"thresholdRule": "youden"},
         "binary": {"auroc": {"value": 0.%d, "n": 120}}}\
        """;
    return result(
        name,
        "comparison.json",
        day,
        """
        {"schemaVersion": 2,
         "bundles": [{"id": "%s", "name": "quick"}, {"id": "%s", "name": "quick"}],
         "data": {"name": "synthetic", "split": "test", "images": 120},
         "comparison": {"models": [%s, %s]}}
        """
            .formatted(first, second, model.formatted(61), model.formatted(62)));
  }

  /** A folder with one file, written on a day of March 2026. */
  Path result(String name, String file, int day, String content) throws IOException {
    Path result = Files.createDirectories(folder.resolve(name)).resolve(file);
    Files.writeString(result, content);
    Files.setLastModifiedTime(
        result, FileTime.from(Instant.parse("2026-03-%02dT10:00:00Z".formatted(day))));
    return result;
  }
}
