package dev.cxr.eval.calibration;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.FoundImages;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.data.image.Resampler;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.eval.evaluation.Recalibration;
import dev.cxr.eval.metrics.BinaryMetrics;
import dev.cxr.eval.metrics.ChosenThreshold;
import dev.cxr.eval.metrics.Estimate;
import dev.cxr.eval.metrics.LabelledScores;
import dev.cxr.eval.metrics.Logit;
import dev.cxr.eval.metrics.PatientBootstrap;
import dev.cxr.eval.metrics.ThresholdRule;
import dev.cxr.eval.metrics.unlabelled.ClassPresence;
import dev.cxr.eval.metrics.unlabelled.GaussianMixture;
import dev.cxr.eval.prediction.BatchPredictor;
import dev.cxr.eval.prediction.ImagePrediction;
import dev.cxr.eval.prediction.TaskFilter;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.OperatingThreshold;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Fits the operating point of a bundle to the images of a site.
 *
 * @param bundle the bundle to calibrate
 * @param classifier its network, which is not closed here
 * @param data an image file, or a folder that holds image files at any depth
 */
public record SiteCalibrator(Bundle bundle, Classifier classifier, Path data) {

  /** With fewer images, two groups cannot be distinguished from one. */
  static final int MIN_IMAGES = 50;

  static final int MIN_LABELLED_PER_CLASS = 10;

  private static final long BOOTSTRAP_SEED = 0;
  private static final int MAX_IMAGES = 100_000;
  private static final int BATCH_SIZE = 32;

  /**
   * Requires a bundle that was trained: neither a KNN bundle nor one calibrated on a site.
   *
   * @param bundle to derive another from
   * @throws UserErrorException if it is derived itself
   */
  public static void requireOriginal(Bundle bundle) {
    if (bundle.manifest().knnIndex() != null) {
      throw UserErrorException.of(
          "a bundle with a classification layer",
          "a KNN bundle, which has no logits, in " + bundle.folder(),
          "Give the bundle that it was made from.");
    }
    SiteCalibration calibration = bundle.manifest().calibration();
    if (calibration != null) {
      throw UserErrorException.of(
          "an uncalibrated bundle",
          "one that is calibrated on a site, in " + bundle.folder(),
          "Give bundle %s, from which it was made.".formatted(calibration.sourceBundle()));
    }
  }

  /**
   * Sets the threshold where the logits of unlabelled images separate into two groups. File names
   * and order have no influence, and identical files count once.
   *
   * @param classPresence what is known about the classes of the images
   * @return threshold and temperature of the new bundle
   * @throws UserErrorException if there are too few images, or their logits do not form two groups
   * @throws IOException if an image cannot be read
   */
  public SiteOperatingPoint fitUnlabelled(ClassPresence classPresence) throws IOException {
    Manifest manifest = bundle.manifest();
    if (manifest.task().equals(Task.SUBTYPE)) {
      throw UserErrorException.of(
          "a bundle that applies to every image of the site",
          "one of the subtype task, which applies to pneumonia only, in " + bundle.folder(),
          "Give labels with --labels FILE.");
    }
    FoundImages found = ImageFinder.find(List.of(data), MAX_IMAGES, "--data");
    Collection<Path> files = distinctFiles(found.images());
    if (files.size() < MIN_IMAGES) {
      throw UserErrorException.of(
          "at least %d different images of the site".formatted(MIN_IMAGES),
          "%d in %s".formatted(files.size(), data),
          "Give more images, or label a few dozen with --labels FILE.");
    }
    GaussianMixture mixture = GaussianMixture.fit(logits(files));
    String rejectionReason = mixture.rejectionReason(classPresence);
    if (rejectionReason != null) {
      throw UserErrorException.of(
          "normal and abnormal images that the bundle separates",
          "%s among %d in %s".formatted(rejectionReason, files.size(), data),
          "Give more images, about equally many of both, or label a few dozen with --labels FILE."
              + (classPresence == ClassPresence.UNKNOWN
                  ? " If both are known to be there: --classes-present both."
                  : ""));
    }
    return new SiteOperatingPoint(
        new OperatingThreshold(
            1 / (1 + StrictMath.exp(-mixture.threshold())),
            "even odds of the two groups in the logits of %d unlabelled images of a site%s"
                .formatted(files.size(), classPresence.clause())),
        manifest.temperature(),
        files.size(),
        Optional.of(mixture),
        Optional.empty(),
        found.summary().stream().toList());
  }

  /** Each content once, ordered by checksum, so that names have no influence. */
  private static Collection<Path> distinctFiles(List<FoundImage> images) throws IOException {
    Map<String, Path> byHash = new TreeMap<>();
    for (FoundImage image : images) {
      byHash.put(Sha256.hex(image.path()), image.path());
    }
    return byHash.values();
  }

  private double[] logits(Collection<Path> files) throws IOException {
    Manifest manifest = bundle.manifest();
    List<Double> logits = new ArrayList<>();
    int side = manifest.input().side();
    List<GrayImage> batch = new ArrayList<>();
    try (Progress progress = Progress.start("Predicting site", " images", files.size())) {
      for (Path file : files) {
        batch.add(
            Resampler.resize(
                ImageDecoder.decode(file, manifest.data().windowNumber()), side, side));
        if (batch.size() == BATCH_SIZE || logits.size() + batch.size() == files.size()) {
          for (double[] probabilities : classifier.probabilities(batch)) {
            logits.add(Logit.of(manifest.task().positiveProbability(probabilities)));
          }
          progress.step(batch.size(), "");
          batch.clear();
        }
      }
    }
    return logits.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * Fits temperature and threshold on labelled images.
   *
   * @param labels CSV file {@code path,finding}
   * @param rule how the threshold is chosen
   * @return threshold and temperature of the new bundle
   * @throws UserErrorException if there are too few images of a class, or one is not below {@link
   *     #data}
   * @throws IOException if an image cannot be read
   */
  public SiteOperatingPoint fitLabelled(Path labels, ThresholdRule rule) throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = manifest.task();
    DatasetIndex labelled =
        DatasetReader.read(
            labels.toString(), Optional.of(DatasetFormat.CSV), manifest.data().options());
    List<Xray> distinct = distinctXrays(labelled.xrays(), labels);
    int copies = labelled.xrays().size() - distinct.size();
    DatasetIndex index =
        TaskFilter.apply(
            labelled.withXrays(
                distinct,
                copies == 0 ? List.of() : List.of("Duplicates left out: %d.".formatted(copies))),
            task);
    requireEnoughPerClass(index, task, labels);
    ImageStore images = ImageStore.openAll(index, manifest.input().side());
    List<ImagePrediction> predictions =
        new BatchPredictor(classifier, task).predict(images, EnumSet.allOf(Split.class));
    Recalibration.Scaled scaled = Recalibration.fit(task, predictions);
    LabelledScores scores = scaled.scores();
    ChosenThreshold chosen = rule.choose(scores);
    if (chosen.youdenJ() instanceof Estimate.Undefined undefined) {
      throw UserErrorException.of(
          "labelled images with different predictions",
          "%s in %s".formatted(undefined.reason(), labels),
          "Check that they are different chest X-rays.");
    }
    PatientBootstrap bootstrap =
        PatientBootstrap.of(
            predictions.stream().map(ImagePrediction::patient).toList(), BOOTSTRAP_SEED);
    return new SiteOperatingPoint(
        new OperatingThreshold(
            chosen.value(),
            rule.describe(chosen, "%d labelled images of a site".formatted(scores.size()))),
        manifest.temperature() * scaled.temperature().valueOrOne(),
        predictions.size(),
        Optional.empty(),
        Optional.of(BinaryMetrics.of(scores, chosen.value(), bootstrap)),
        index.notices());
  }

  private static void requireEnoughPerClass(DatasetIndex index, Task task, Path labels) {
    long positive = index.xrays().stream().filter(x -> task.isPositive(x.finding())).count();
    long negative = index.xrays().size() - positive;
    if (Math.min(positive, negative) < MIN_LABELLED_PER_CLASS) {
      throw UserErrorException.of(
          "at least %d different labelled images of %s and of %s"
              .formatted(MIN_LABELLED_PER_CLASS, findings(task, true), findings(task, false)),
          "%d and %d in %s (%s)"
              .formatted(positive, negative, labels, String.join(" ", index.notices())),
          "Label more of the site's images.");
    }
  }

  private static String findings(Task task, boolean positive) {
    return Stream.concat(Finding.BUILT_IN.stream(), task.classes().stream().map(Finding::new))
        .distinct()
        .filter(finding -> task.includes(finding) && task.isPositive(finding) == positive)
        .map(Finding::name)
        .collect(Collectors.joining(" or "));
  }

  /** Each content once, in order. */
  private List<Xray> distinctXrays(List<Xray> all, Path labels) throws IOException {
    Map<String, Xray> byHash = new LinkedHashMap<>();
    for (Xray x : all) {
      Xray duplicate = byHash.putIfAbsent(Sha256.hex(requireWithinData(x, labels)), x);
      if (duplicate != null && !duplicate.finding().equals(x.finding())) {
        throw UserErrorException.of(
            "one finding per image in " + labels,
            "'%s' as %s and its duplicate '%s' as %s"
                .formatted(duplicate.id(), duplicate.finding(), x.id(), x.finding()),
            "Remove the wrong row, or both.");
      }
    }
    return List.copyOf(byHash.values());
  }

  private Path requireWithinData(Xray xray, Path labels) throws IOException {
    if (!(xray.source() instanceof ImageSource.FileSource file)
        || !file.path().toRealPath().startsWith(data.toRealPath())) {
      throw UserErrorException.of(
          "images below " + data + " in " + labels,
          "'%s', which is elsewhere".formatted(xray.id()),
          "Give the folder that contains all of them with --data.");
    }
    return file.path();
  }
}
