package dev.cxr.eval.calibration;

import dev.cxr.common.cli.Progress;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.image.ImageDecoder;
import dev.cxr.data.image.ImageFileFinder;
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
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.bundle.SiteCalibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * The operating point of a bundle, fitted to the pictures of a site.
 *
 * @param threshold on the probabilities at {@code temperature}
 * @param temperature of the bundle to be made
 * @param images how many were looked at
 * @param mixture of unlabelled pictures, how their logits fall into two
 * @param report of labelled ones, what the new threshold gives on the very pictures it was chosen
 *     on
 * @param notices what a reader has to know of the pictures
 */
public record SiteCalibrator(
    Manifest.Threshold threshold,
    double temperature,
    int images,
    Optional<GaussianMixture> mixture,
    Optional<BinaryMetrics> report,
    List<String> notices) {

  /** Of fewer nobody can tell whether they fall into two groups. */
  static final int MIN_IMAGES = 50;

  /** Of each side, where findings are known. */
  static final int MIN_LABELLED_PER_CLASS = 10;

  private static final long BOOTSTRAP_SEED = 0;
  private static final int MAX_IMAGES = 100_000;
  private static final int BATCH_SIZE = 32;
  private static final int MAX_NAME_LENGTH = 64;
  private static final String NAME_SUFFIX = "-site";

  /**
   * Makes sure that a bundle has an operating point to fit.
   *
   * @throws UserErrorException if it is voted, or was fitted to a site already
   */
  public static void requireCalibratable(Bundle bundle) {
    requireUncalibrated(bundle);
    if (bundle.manifest().knnIndex() != null) {
      throw UserErrorException.of(
          "a bundle whose own last layer answers",
          "one whose classes are voted, which has no logits, in " + bundle.folder(),
          "Give the bundle that it was indexed from.");
    }
  }

  /**
   * Makes sure that a bundle's operating point is that of training.
   *
   * @throws UserErrorException if it was fitted to a site
   */
  public static void requireUncalibrated(Bundle bundle) {
    SiteCalibration before = bundle.manifest().calibration();
    if (before != null) {
      throw UserErrorException.of(
          "a bundle as training left it",
          "one that is calibrated on a site, in " + bundle.folder(),
          "Give bundle %s, which it was made of.".formatted(before.sourceBundle()));
    }
  }

  /**
   * From pictures of which nothing is known: the threshold at which their logits part into two
   * groups. Neither their names nor their order matter, and a picture that is there twice counts
   * once.
   *
   * @param data a picture file, or a folder that holds such at any depth
   * @param classPresence what is known of them all the same
   * @throws UserErrorException if there are too few, or their logits do not fall into two groups
   */
  public static SiteCalibrator fitUnlabelled(
      Bundle bundle, Classifier classifier, Path data, ClassPresence classPresence)
      throws IOException {
    Task task = bundle.manifest().task();
    if (task == Task.SUBTYPE) {
      throw UserErrorException.of(
          "a bundle that can be asked about any picture of the site",
          "one of the subtype task, which takes pneumonias only, in " + bundle.folder(),
          "Give the findings with --labels FILE.");
    }
    Collection<Path> files =
        distinctFiles(ImageFileFinder.find(List.of(data), MAX_IMAGES, "--data"));
    if (files.size() < MIN_IMAGES) {
      throw UserErrorException.of(
          "at least %d different pictures of the site".formatted(MIN_IMAGES),
          "%d in %s".formatted(files.size(), data),
          "Gather more, or give the findings of a few dozen with --labels FILE.");
    }
    double[] logits = logits(classifier, bundle.manifest(), files);
    if (Arrays.stream(logits).distinct().count() < 2) {
      throw UserErrorException.of(
          "pictures that the bundle tells apart",
          "the same answer for all %d in %s".formatted(files.size(), data),
          "Look at the pictures: are they chest X-rays, and different ones?");
    }
    GaussianMixture mixture = GaussianMixture.fit(logits);
    String rejectionReason = mixture.rejectionReason(classPresence);
    if (rejectionReason != null) {
      throw UserErrorException.of(
          "pictures of both sides, normal and not, that the bundle tells apart",
          "%s among %d in %s".formatted(rejectionReason, files.size(), data),
          "Give more pictures, of both sides about equally many, or the findings of a few dozen with"
              + " --labels FILE."
              + (classPresence == ClassPresence.UNKNOWN
                  ? " If you know that both are there: --sides both."
                  : ""));
    }
    return new SiteCalibrator(
        new Manifest.Threshold(
            1 / (1 + StrictMath.exp(-mixture.threshold())),
            "even odds of the two groups that the logits of %d unlabelled pictures of a site fall into%s"
                .formatted(files.size(), classPresence.clause())),
        bundle.manifest().temperature(),
        files.size(),
        Optional.of(mixture),
        Optional.empty(),
        List.of());
  }

  /** Ordered by their bytes, so that no name has a say; each content once. */
  private static Collection<Path> distinctFiles(List<Path> files) throws IOException {
    Map<String, Path> byHash = new TreeMap<>();
    for (Path file : files) {
      byHash.put(Sha256.hex(file), file);
    }
    return byHash.values();
  }

  private static double[] logits(Classifier classifier, Manifest manifest, Collection<Path> files)
      throws IOException {
    List<Double> logits = new ArrayList<>();
    int side = manifest.input().side();
    List<GrayImage> batch = new ArrayList<>();
    try (Progress progress = Progress.start("Looking at the site", " images", files.size())) {
      for (Path file : files) {
        batch.add(Resampler.resize(ImageDecoder.decode(file), side, side));
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
   * From pictures whose findings are known: temperature and threshold.
   *
   * @param data the folder that holds them
   * @param labels a manifest {@code path,finding}
   * @param rule by which the threshold is chosen
   * @throws UserErrorException if there are too few of a side, or one lies elsewhere than in {@code
   *     data}
   */
  public static SiteCalibrator fitLabelled(
      Bundle bundle, Classifier classifier, Path data, Path labels, ThresholdRule rule)
      throws IOException {
    Manifest manifest = bundle.manifest();
    Task task = manifest.task();
    DatasetIndex catalogue =
        DatasetReader.read(labels.toString(), DatasetFormat.CSV, manifest.data().validationRule());
    List<Xray> distinct = distinctImages(catalogue.xrays(), data, labels);
    int copies = catalogue.xrays().size() - distinct.size();
    DatasetIndex taskDataset =
        TaskFilter.apply(
            catalogue.withXrays(
                distinct,
                copies == 0
                    ? List.of()
                    : List.of("Copies of others, left out: %d.".formatted(copies))),
            task);
    long positive = taskDataset.xrays().stream().filter(x -> task.isPositive(x.finding())).count();
    long negative = taskDataset.xrays().size() - positive;
    if (Math.min(positive, negative) < MIN_LABELLED_PER_CLASS) {
      throw UserErrorException.of(
          "at least %d different labelled pictures of %s and as many of %s"
              .formatted(
                  MIN_LABELLED_PER_CLASS, findingNames(task, true), findingNames(task, false)),
          String.join(
              " ",
              Stream.concat(
                      Stream.of("%d and %d in %s.".formatted(positive, negative, labels)),
                      taskDataset.notices().stream())
                  .toList()),
          "Label more of the site's pictures.");
    }
    ImageStore images =
        ImageStore.open(taskDataset, EnumSet.of(Split.TEST), manifest.input().side());
    List<ImagePrediction> predictions =
        new BatchPredictor(classifier, task).predict(images, Split.TEST);
    Recalibration.Scaled scaled = Recalibration.fit(task, predictions);
    LabelledScores scores = scaled.scores();
    ChosenThreshold chosen = rule.choose(scores);
    if (chosen.youdenJ() instanceof Estimate.Undefined undefined) {
      throw UserErrorException.of(
          "labelled pictures that the bundle tells apart",
          "none: %s in %s".formatted(undefined.reason(), labels),
          "Look at the pictures: are they chest X-rays, and different ones?");
    }
    return new SiteCalibrator(
        new Manifest.Threshold(
            chosen.value(),
            rule.describe(chosen, "%d labelled pictures of a site".formatted(scores.size()))),
        manifest.temperature() * scaled.temperature().valueOrOne(),
        predictions.size(),
        Optional.empty(),
        Optional.of(BinaryMetrics.of(scores, chosen.value(), byPatient(predictions))),
        taskDataset.notices());
  }

  private static PatientBootstrap byPatient(List<ImagePrediction> predictions) {
    return PatientBootstrap.of(
        predictions.stream().map(ImagePrediction::patient).toList(), BOOTSTRAP_SEED);
  }

  private static String findingNames(Task task, boolean positive) {
    return Arrays.stream(Finding.values())
        .filter(finding -> task.includes(finding) && task.isPositive(finding) == positive)
        .map(Finding::name)
        .collect(Collectors.joining(" or "));
  }

  /** All of one split, those with the same bytes once. */
  private static List<Xray> distinctImages(List<Xray> all, Path data, Path labels)
      throws IOException {
    Map<String, Xray> byHash = new LinkedHashMap<>();
    for (Xray x : all) {
      Xray duplicate = byHash.putIfAbsent(Sha256.hex(requireWithin(data, x, labels)), together(x));
      if (duplicate != null && duplicate.finding() != x.finding()) {
        throw UserErrorException.of(
            "one finding for a picture in " + labels,
            "'%s' as %s and '%s', which is the same, as %s"
                .formatted(duplicate.id(), duplicate.finding(), x.id(), x.finding()),
            "Leave out the wrong one, or both.");
      }
    }
    return List.copyOf(byHash.values());
  }

  private static Xray together(Xray x) {
    return new Xray(x.id(), x.source(), x.finding(), x.patient(), Split.TEST);
  }

  private static Path requireWithin(Path data, Xray xray, Path labels) throws IOException {
    if (!(xray.source() instanceof ImageSource.FileSource file)
        || !file.path().toRealPath().startsWith(data.toRealPath())) {
      throw UserErrorException.of(
          "pictures below " + data + " in " + labels,
          "'%s', which lies elsewhere".formatted(xray.id()),
          "Name the folder that holds all of them with --data.");
    }
    return file.path();
  }

  /** What the new bundle says of itself. */
  public Manifest calibratedManifest(Bundle bundle) {
    Manifest trained = bundle.manifest();
    String name = trained.name();
    return trained.withCalibration(
        new SiteCalibration(
            bundle.id(),
            trained.threshold(),
            trained.temperature(),
            threshold.rule(),
            images,
            report.isPresent()),
        name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH - NAME_SUFFIX.length()))
            + NAME_SUFFIX,
        threshold,
        temperature);
  }
}
