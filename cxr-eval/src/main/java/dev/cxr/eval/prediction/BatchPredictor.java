package dev.cxr.eval.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import ai.djl.training.dataset.Batch;
import dev.cxr.common.cli.Progress;
import dev.cxr.data.dataset.ChestXrayDataset;
import dev.cxr.data.dataset.ImageStore;
import dev.cxr.data.dataset.PrefetchThread;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.ImageSource;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import dev.cxr.models.Classifier;
import dev.cxr.models.composition.ReconstructionError;
import dev.cxr.models.knn.KnnIndex;
import dev.cxr.models.ood.OutOfDistributionScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Predicts every image of a split with a model, in order. */
public final class BatchPredictor {

  /** Larger batches are not faster on a CPU and need more memory. */
  static final int BATCH_SIZE = 8;

  private static final int[] PIXEL_AXIS = {1};

  private final Classifier classifier;
  private final Task task;
  private final Map<BaselineFeature, NonLungBaseline> nonLungBaselines =
      new EnumMap<>(BaselineFeature.class);
  private Set<Perturbation> perturbations = EnumSet.noneOf(Perturbation.class);
  private Optional<OutOfDistributionScorer> scorer = Optional.empty();
  private final AtomicLong inferenceTime = new AtomicLong(); // nanoseconds, summed over the workers

  /**
   * Creates a predictor that computes probabilities only.
   *
   * @param classifier the loaded model, which is not closed here
   * @param task of the model
   */
  public BatchPredictor(Classifier classifier, Task task) {
    this.classifier = classifier;
    this.task = task;
  }

  /**
   * Embeds the training images and fits the baselines that never see the lungs, if both classes are
   * present. Later predictions include these baselines.
   *
   * @param training images with a training split, whose findings the task includes; at least one
   * @return the embeddings of the images that the task trains on
   * @throws IOException if an image cannot be read, or the thread is interrupted
   */
  public TrainingEmbeddings fitBaselinesAndEmbed(ImageStore training) throws IOException {
    ChestXrayDataset dataset = dataset(training, EnumSet.of(Split.TRAIN));
    List<Xray> xrays = dataset.xrays();
    float[][] embeddings = new float[xrays.size()][];
    double[][] border = new double[embeddings.length][];
    double[][] surroundings = new double[embeddings.length][];
    boolean[] positive = new boolean[embeddings.length];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = task.isPositive(xrays.get(i).finding());
    }
    forEachBatch(
        "Embedding train",
        dataset,
        (data, from) -> {
          float[][] own = classifier.embeddings(data);
          System.arraycopy(own, 0, embeddings, from, own.length);
          for (int i = from; i < from + own.length; i++) {
            GrayImage image = dataset.image(i);
            border[i] = NonLungBaseline.features(ImageRegion.BORDER, image);
            surroundings[i] = NonLungBaseline.features(ImageRegion.SURROUNDINGS, image);
          }
        });
    if (xrays.stream().map(x -> task.isPositive(x.finding())).distinct().count() == 2) {
      nonLungBaselines.put(
          BaselineFeature.BORDER, NonLungBaseline.fit(ImageRegion.BORDER, border, positive));
      nonLungBaselines.put(
          BaselineFeature.SURROUNDINGS,
          NonLungBaseline.fit(ImageRegion.SURROUNDINGS, surroundings, positive));
    }
    return TrainingEmbeddings.of(xrays, embeddings, xray -> task.trainsOn(xray.finding()));
  }

  /**
   * {@return the time that the network has spent on probabilities so far, as the mean over the
   * workers}
   */
  public Duration inferenceTime() {
    return Duration.ofNanos(inferenceTime.get() / ParallelInference.workers());
  }

  private double[][] probabilities(NDArray data) {
    long before = System.nanoTime();
    double[][] probabilities = classifier.probabilities(data);
    inferenceTime.addAndGet(System.nanoTime() - before);
    return probabilities;
  }

  /** Makes later predictions include out-of-distribution scores, if the network supports them. */
  public void enableOutOfDistributionScores() {
    scorer = OutOfDistributionScorer.of(classifier);
  }

  /** Makes later predictions include the probability after each perturbation. */
  public void enablePerturbations() {
    perturbations = EnumSet.allOf(Perturbation.class);
  }

  /**
   * {@return the prediction of every image of some splits, in order} The task must include all
   * findings.
   *
   * @param images the images
   * @param splits the splits, in the order of the result
   * @throws IOException if an image cannot be read, or the thread is interrupted
   */
  public List<ImagePrediction> predict(ImageStore images, Set<Split> splits) throws IOException {
    ChestXrayDataset dataset = dataset(images, splits);
    List<Xray> xrays = dataset.xrays();
    ImagePrediction[] predictions = new ImagePrediction[xrays.size()];
    forEachBatch(
        "Predicting " + (splits.size() == 1 ? splits.iterator().next() : "all splits"),
        dataset,
        (data, from) -> {
          List<ImagePrediction> batch = predictions(data, dataset, xrays, from);
          System.arraycopy(batch.toArray(), 0, predictions, from, batch.size());
        });
    return List.of(predictions);
  }

  /**
   * Computes the vectors that a KNN index compares, for every image of a split in order.
   *
   * @param pixels the images
   * @param split the split
   * @param over what of an image is compared
   * @return a vector for each image
   * @throws IOException if an image cannot be read, or the thread is interrupted
   */
  public float[][] knnVectors(ImageStore pixels, Split split, KnnIndex.FeatureKind over)
      throws IOException {
    ChestXrayDataset dataset = dataset(pixels, EnumSet.of(split));
    float[][] vectors = new float[(int) dataset.size()][];
    forEachBatch(
        "Embedding " + split,
        dataset,
        (data, from) -> {
          float[][] own = classifier.features(over, data);
          System.arraycopy(own, 0, vectors, from, own.length);
        });
    return vectors;
  }

  /** Processes a batch; called from several threads, in any order. */
  private interface BatchTask {
    /**
     * Processes a batch.
     *
     * @param data (N, 1, side, side) float32 in [0, 1]
     * @param from the index of the first image
     */
    void process(NDArray data, int from) throws IOException;
  }

  /** The batches of a split, shared by the workers. */
  private static final class BatchQueue {

    private final Iterator<Batch> batches;
    private final int size;
    private int taken;
    private volatile boolean stopped;

    BatchQueue(Iterable<Batch> batches, int size) {
      this.batches = batches.iterator();
      this.size = size;
    }

    /** Processes batches until none is left, one has failed or the thread is interrupted. */
    void processAll(BatchTask work, Progress progress) throws IOException {
      for (OffsetBatch next = next(); next != null; next = next()) {
        try (Batch batch = next.batch()) {
          NDArray data = batch.getData().singletonOrThrow();
          work.process(data, next.offset());
          synchronized (this) {
            progress.step(data.getShape().get(0), "");
          }
        } catch (IOException | RuntimeException | Error e) {
          stopped = true;
          throw e;
        }
      }
    }

    /** Counts images, because the iterator closes every open batch when it is exhausted. */
    private synchronized @Nullable OffsetBatch next() {
      if (stopped || taken == size || Thread.currentThread().isInterrupted()) {
        return null;
      }
      OffsetBatch next = new OffsetBatch(batches.next(), taken);
      taken += (int) next.batch().getData().singletonOrThrow().getShape().get(0);
      return next;
    }
  }

  /** A batch and the index of its first image. */
  private record OffsetBatch(Batch batch, int offset) {}

  private void forEachBatch(String what, ChestXrayDataset dataset, BatchTask work)
      throws IOException {
    try (PrefetchThread thread = new PrefetchThread();
        Progress progress = Progress.start(what, " images", dataset.size())) {
      BatchQueue feed =
          new BatchQueue(
              dataset.inOrder(classifier.manager(), thread.executor()), (int) dataset.size());
      ParallelInference.run(() -> feed.processAll(work, progress));
    }
  }

  private ChestXrayDataset dataset(ImageStore images, Set<Split> splits) {
    return ChestXrayDataset.builder()
        .setImages(images, splits)
        .setTask(task)
        .setBatchSize(BATCH_SIZE)
        .build();
  }

  private List<ImagePrediction> predictions(
      NDArray data, ChestXrayDataset dataset, List<Xray> xrays, int from) throws IOException {
    double[][] probabilities = probabilities(data);
    int size = probabilities.length;
    float[] means = meanIntensities(data);
    Optional<double[]> scores = scorer.map(s -> s.scores(data));
    List<Optional<ReconstructionScore>> reconstruction = reconstructionScores(data, size);
    List<GrayImage> images = // read again only if needed
        perturbations.isEmpty() && nonLungBaselines.isEmpty()
            ? List.of()
            : IntStream.range(from, from + size).mapToObj(dataset::image).toList();
    Map<Perturbation, double[]> byPerturbation = new EnumMap<>(Perturbation.class);
    for (Perturbation perturbation : perturbations) {
      byPerturbation.put(perturbation, perturbedProbabilities(data, images, perturbation));
    }
    List<ImagePrediction> predictions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int index = i;
      Xray xray = xrays.get(from + i);
      Map<BaselineFeature, Double> features = new EnumMap<>(BaselineFeature.class);
      if (xray.source() instanceof ImageSource.FileSource file) {
        features.put(BaselineFeature.FILE_BYTES, (double) Files.size(file.path()));
        features.put(BaselineFeature.PIXELS, (double) dataset.originalPixelCount(from + i));
      }
      features.put(BaselineFeature.MEAN_INTENSITY, (double) means[i]);
      nonLungBaselines.forEach(
          (feature, baseline) -> features.put(feature, baseline.predict(images.get(index))));
      Map<Perturbation, Double> perturbed = new EnumMap<>(Perturbation.class);
      byPerturbation.forEach((perturbation, values) -> perturbed.put(perturbation, values[index]));
      predictions.add(
          new ImagePrediction(
              xray.id(),
              xray.patient(),
              xray.finding(),
              xray.split(),
              Arrays.stream(probabilities[i]).boxed().toList(),
              features,
              perturbed,
              scores.map(values -> values[index]),
              reconstruction.get(i)));
    }
    return predictions;
  }

  /** The mean pixel of each image. */
  private static float[] meanIntensities(NDArray data) {
    try (NDArray rows = data.reshape(data.getShape().get(0), -1);
        NDArray means = rows.mean(PIXEL_AXIS)) {
      return means.toFloatArray();
    }
  }

  private List<Optional<ReconstructionScore>> reconstructionScores(NDArray data, int size) {
    if (!(classifier.block() instanceof ReconstructionError network)) {
      return Collections.nCopies(size, Optional.empty());
    }
    int width = (int) data.getShape().get(3);
    int pixels = (int) data.getShape().get(2) * width;
    float[] images = data.toFloatArray();
    ParameterStore parameters = new ParameterStore(classifier.manager(), false);
    float[] reconstruction = network.reconstruct(parameters, data).toFloatArray();
    return IntStream.range(0, size)
        .parallel()
        .mapToObj(
            i ->
                Optional.of(
                    ReconstructionScore.of(
                        Arrays.copyOfRange(images, i * pixels, (i + 1) * pixels),
                        Arrays.copyOfRange(reconstruction, i * pixels, (i + 1) * pixels),
                        width)))
        .toList();
  }

  private double[] perturbedProbabilities(
      NDArray data, List<GrayImage> images, Perturbation perturbation) {
    int size = images.get(0).pixels().length;
    float[] pixels = new float[images.size() * size];
    IntStream.range(0, images.size())
        .parallel()
        .forEach(
            i -> System.arraycopy(perturbation.apply(images.get(i)), 0, pixels, i * size, size));
    try (NDArray batch = data.getManager().create(pixels, data.getShape())) {
      return Stream.of(probabilities(batch)).mapToDouble(task::positiveProbability).toArray();
    }
  }
}
