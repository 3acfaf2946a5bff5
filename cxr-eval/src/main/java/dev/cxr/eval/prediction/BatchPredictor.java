package dev.cxr.eval.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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
import java.io.UncheckedIOException;
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

/** Asks a model about every picture of a split, in order. */
public final class BatchPredictor {

  /** Larger ones are no faster on a CPU, and take more memory. */
  private static final int BATCH_SIZE = 8;

  private static final int[] PIXEL_AXIS = {1};

  private final Classifier classifier;
  private final Task task;
  private final Map<BaselineFeature, NonLungBaseline> nonLungBaselines =
      new EnumMap<>(BaselineFeature.class);
  private Set<Perturbation> perturbations = EnumSet.noneOf(Perturbation.class);
  private Optional<OutOfDistributionScorer> scorer = Optional.empty();
  private final AtomicLong inferenceTime = new AtomicLong(); // nanoseconds, of all streams

  /** Asks about pictures as they are. */
  public BatchPredictor(Classifier classifier, Task task) {
    this.classifier = classifier;
    this.task = task;
  }

  /**
   * Looks at the training pictures once. From now on every picture is told how far it lies from
   * them and, if both sides of the task are among them, judged by regressions that see no lung and
   * learn here.
   *
   * @param training pixels of the training split, whose findings all take part in the task; at
   *     least one
   * @return the embeddings of those that are learned from
   */
  public TrainingEmbeddings fitTrainingSplit(ImageStore training) throws IOException {
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
        "Looking at train",
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
    if (hasBothClasses(positive)) {
      nonLungBaselines.put(
          BaselineFeature.BORDER, NonLungBaseline.fit(ImageRegion.BORDER, border, positive));
      nonLungBaselines.put(
          BaselineFeature.SURROUNDINGS,
          NonLungBaseline.fit(ImageRegion.SURROUNDINGS, surroundings, positive));
    }
    return TrainingEmbeddings.of(xrays, embeddings, xray -> task.trainsOn(xray.finding()));
  }

  /**
   * How long the network itself took until now, from a batch to its probabilities; of several
   * streams, the mean.
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

  private static boolean hasBothClasses(boolean[] positive) {
    int count = 0;
    for (boolean one : positive) {
      count += one ? 1 : 0;
    }
    return count > 0 && count < positive.length;
  }

  /** Scores how unlike the training images every image is, if the network allows it. */
  public void enableOutOfDistributionScores() {
    scorer = OutOfDistributionScorer.of(classifier);
  }

  /** From now on every picture is asked about again after each change. */
  public void enablePerturbations() {
    perturbations = EnumSet.allOf(Perturbation.class);
  }

  /** Predicts every image of a split, in order; the task must include all of its findings. */
  public List<ImagePrediction> predict(ImageStore images, Split split) throws IOException {
    return predict(images, EnumSet.of(split));
  }

  /** Predicts every image of some splits, in order; the task must include all findings. */
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
   * What an index compares of every picture of a split, in order.
   *
   * @return a vector for each
   */
  public float[][] knnVectors(ImageStore pixels, Split split, KnnIndex.FeatureKind over)
      throws IOException {
    ChestXrayDataset dataset = dataset(pixels, EnumSet.of(split));
    float[][] vectors = new float[(int) dataset.size()][];
    forEachBatch(
        "Looking at " + split,
        dataset,
        (data, from) -> {
          float[][] own = classifier.features(over, data);
          System.arraycopy(own, 0, vectors, from, own.length);
        });
    return vectors;
  }

  /** What is done with each batch, from several threads and in no order. */
  private interface BatchTask {
    /**
     * Takes a batch.
     *
     * @param data (N, 1, side, side)
     * @param from how many pictures come before
     */
    void process(NDArray data, int from) throws IOException;
  }

  /** The batches of a split, for whoever asks first. */
  private static final class BatchQueue {

    private final Iterator<Batch> batches;
    private final int size;
    private int taken;
    private volatile boolean stopped;

    BatchQueue(Iterable<Batch> batches, int size) {
      this.batches = batches.iterator();
      this.size = size;
    }

    /** Works on batches until none is left, or one has failed. */
    void processAll(BatchTask work, Progress progress) throws IOException {
      for (Optional<OffsetBatch> part = next(); part.isPresent(); part = next()) {
        boolean worked = false;
        try (Batch batch = part.get().batch()) {
          NDArray data = batch.getData().singletonOrThrow();
          work.process(data, part.get().offset());
          reportProgress(progress, data.getShape().get(0));
          worked = true;
        } finally {
          if (!worked) {
            stopped = true;
          }
        }
      }
    }

    /** Counts, because the iterator, once asked in vain for more, closes every batch. */
    private synchronized Optional<OffsetBatch> next() {
      if (stopped || taken == size || Thread.currentThread().isInterrupted()) {
        return Optional.empty();
      }
      OffsetBatch part = new OffsetBatch(batches.next(), taken);
      taken += (int) part.batch().getData().singletonOrThrow().getShape().get(0);
      return Optional.of(part);
    }

    private synchronized void reportProgress(Progress progress, long images) {
      progress.step(images, "");
    }

    /** When no batch is open any more. */
    void requireExhausted() {
      if (batches.hasNext()) {
        throw new IllegalStateException("there are more than " + size + " pictures");
      }
    }
  }

  /** A batch and how many pictures come before. */
  private record OffsetBatch(Batch batch, int offset) {}

  private void forEachBatch(String what, ChestXrayDataset dataset, BatchTask work)
      throws IOException {
    try (PrefetchThread thread = new PrefetchThread();
        Progress progress = Progress.start(what, " images", dataset.size())) {
      BatchQueue feed =
          new BatchQueue(
              dataset.inOrder(classifier.manager(), thread.executor()), (int) dataset.size());
      ParallelInference.run(() -> feed.processAll(work, progress));
      feed.requireExhausted();
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
    List<GrayImage> images = // read again only if they are looked at again
        perturbations.isEmpty() && nonLungBaselines.isEmpty()
            ? List.of()
            : IntStream.range(from, from + size).mapToObj(dataset::image).toList();
    List<Map<Perturbation, Double>> perturbed = perturbedProbabilities(data, images, size);
    List<ImagePrediction> predictions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Xray xray = xrays.get(from + i);
      Map<BaselineFeature, Double> features = new EnumMap<>(BaselineFeature.class);
      if (xray.source() instanceof ImageSource.FileSource file) {
        features.put(BaselineFeature.FILE_BYTES, (double) Files.size(file.path()));
        features.put(BaselineFeature.PIXELS, (double) dataset.originalPixelCount(from + i));
      }
      features.put(BaselineFeature.MEAN_INTENSITY, (double) means[i]);
      for (Map.Entry<BaselineFeature, NonLungBaseline> regression : nonLungBaselines.entrySet()) {
        features.put(regression.getKey(), regression.getValue().predict(images.get(i)));
      }
      predictions.add(
          ImagePrediction.of(
              xray,
              Arrays.stream(probabilities[i]).boxed().toList(),
              features,
              perturbed.get(i),
              score(scores, i),
              reconstruction.get(i)));
    }
    return predictions;
  }

  private static Optional<Double> score(Optional<double[]> scores, int index) {
    return scores.map(values -> values[index]);
  }

  /** Of the pixels of each picture. */
  private static float[] meanIntensities(NDArray data) {
    try (NDArray rows = data.reshape(data.getShape().get(0), -1);
        NDArray means = rows.mean(PIXEL_AXIS)) {
      return means.toFloatArray();
    }
  }

  /** What is answered after each change. */
  private List<Map<Perturbation, Double>> perturbedProbabilities(
      NDArray data, List<GrayImage> images, int size) throws IOException {
    List<Map<Perturbation, Double>> perturbed = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      perturbed.add(new EnumMap<>(Perturbation.class));
    }
    for (Perturbation perturbation : perturbations) {
      double[] answers = perturbedProbabilities(data, images, perturbation);
      for (int i = 0; i < size; i++) {
        perturbed.get(i).put(perturbation, answers[i]);
      }
    }
    return perturbed;
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
      NDArray data, List<GrayImage> images, Perturbation perturbation) throws IOException {
    int size = images.get(0).pixels().length;
    float[] pixels = new float[images.size() * size];
    try {
      IntStream.range(0, images.size())
          .parallel()
          .forEach(
              i ->
                  System.arraycopy(
                      perturb(perturbation, images.get(i)), 0, pixels, i * size, size));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Shape shape = data.getShape();
    try (NDArray batch = data.getManager().create(pixels, shape)) {
      return Stream.of(probabilities(batch)).mapToDouble(task::positiveProbability).toArray();
    }
  }

  private static float[] perturb(Perturbation perturbation, GrayImage image) {
    try {
      return perturbation.apply(image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
