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
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.composition.ReconstructionError;
import dev.cxr.models.knn.KnnIndex;
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
public final class Asking {

  /** Larger ones are no faster on a CPU, and take more memory. */
  private static final int BATCH_SIZE = 8;

  /** How many training pictures have to be near for a picture to be like them. */
  private static final int NEIGHBOURS = 10;

  private static final int[] PIXELS = {1};

  private final Classifier classifier;
  private final Task task;
  private final Map<Trait, BlindRegression> blind = new EnumMap<>(Trait.class);
  private Set<Change> changes = EnumSet.noneOf(Change.class);
  private Optional<TrainingCases> training = Optional.empty();
  private final AtomicLong forwardPasses = new AtomicLong(); // nanoseconds, of all streams

  /** Asks about pictures as they are. */
  public Asking(Classifier classifier, Task task) {
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
  public TrainingCases learnFrom(ImageStore training) throws IOException {
    ChestXrayDataset dataset = dataset(training, Split.TRAIN);
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
            GrayImage picture = dataset.image(i);
            border[i] = BlindRegression.features(Region.BORDER, picture);
            surroundings[i] = BlindRegression.features(Region.SURROUNDINGS, picture);
          }
        });
    if (hasBothSides(positive)) {
      blind.put(Trait.BORDER, BlindRegression.fit(Region.BORDER, border, positive));
      blind.put(
          Trait.SURROUNDINGS, BlindRegression.fit(Region.SURROUNDINGS, surroundings, positive));
    }
    TrainingCases cases =
        TrainingCases.of(xrays, embeddings, xray -> task.trainsOn(xray.finding()));
    this.training = Optional.of(cases);
    return cases;
  }

  /**
   * How long the network itself took until now, from a batch to its probabilities; of several
   * streams, the mean.
   */
  public Duration forwardPasses() {
    return Duration.ofNanos(forwardPasses.get() / Streams.count());
  }

  private double[][] probabilities(NDArray data) {
    long before = System.nanoTime();
    double[][] probabilities = classifier.probabilities(data);
    forwardPasses.addAndGet(System.nanoTime() - before);
    return probabilities;
  }

  private static boolean hasBothSides(boolean[] positive) {
    int count = 0;
    for (boolean one : positive) {
      count += one ? 1 : 0;
    }
    return count > 0 && count < positive.length;
  }

  /** From now on every picture is asked about again after each change. */
  public void tryChanges() {
    changes = EnumSet.allOf(Change.class);
  }

  /** Asks about every picture of a split; its findings all take part in the task. */
  public List<Prediction> about(ImageStore pixels, Split split) throws IOException {
    ChestXrayDataset dataset = dataset(pixels, split);
    List<Xray> xrays = dataset.xrays();
    Prediction[] predictions = new Prediction[xrays.size()];
    forEachBatch(
        "Predicting " + split,
        dataset,
        (data, from) -> {
          List<Prediction> own = predictions(data, dataset, xrays, from);
          System.arraycopy(own.toArray(), 0, predictions, from, own.size());
        });
    return List.of(predictions);
  }

  /**
   * What an index compares of every picture of a split, in order.
   *
   * @return a vector for each
   */
  public float[][] vectors(ImageStore pixels, Split split, KnnIndex.FeatureKind over)
      throws IOException {
    ChestXrayDataset dataset = dataset(pixels, split);
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
  private interface Work {
    /**
     * Takes a batch.
     *
     * @param data (N, 1, side, side)
     * @param from how many pictures come before
     */
    void take(NDArray data, int from) throws IOException;
  }

  /** The batches of a split, for whoever asks first. */
  private static final class Feed {

    private final Iterator<Batch> batches;
    private final int size;
    private int given;
    private volatile boolean stopped;

    Feed(Iterable<Batch> batches, int size) {
      this.batches = batches.iterator();
      this.size = size;
    }

    /** Works on batches until none is left, or one has failed. */
    void through(Work work, Progress progress) throws IOException {
      for (Optional<Part> part = next(); part.isPresent(); part = next()) {
        boolean worked = false;
        try (Batch batch = part.get().batch()) {
          NDArray data = batch.getData().singletonOrThrow();
          work.take(data, part.get().from());
          done(progress, data.getShape().get(0));
          worked = true;
        } finally {
          if (!worked) {
            stopped = true;
          }
        }
      }
    }

    /** Counts, because the iterator, once asked in vain for more, closes every batch. */
    private synchronized Optional<Part> next() {
      if (stopped || given == size) {
        return Optional.empty();
      }
      Part part = new Part(batches.next(), given);
      given += (int) part.batch().getData().singletonOrThrow().getShape().get(0);
      return Optional.of(part);
    }

    private synchronized void done(Progress progress, long pictures) {
      progress.step(pictures, "");
    }

    /** When no batch is open any more. */
    void end() {
      if (batches.hasNext()) {
        throw new IllegalStateException("there are more than " + size + " pictures");
      }
    }
  }

  /** A batch and how many pictures come before. */
  private record Part(Batch batch, int from) {}

  private void forEachBatch(String what, ChestXrayDataset dataset, Work work) throws IOException {
    try (PrefetchThread thread = new PrefetchThread();
        Progress progress = Progress.start(what, " images", dataset.size())) {
      Feed feed =
          new Feed(dataset.inOrder(classifier.manager(), thread.executor()), (int) dataset.size());
      Streams.run(() -> feed.through(work, progress));
      feed.end();
    }
  }

  private ChestXrayDataset dataset(ImageStore pixels, Split split) {
    return ChestXrayDataset.builder()
        .setImages(pixels, split)
        .setTask(task)
        .setBatchSize(BATCH_SIZE)
        .build();
  }

  private List<Prediction> predictions(
      NDArray data, ChestXrayDataset dataset, List<Xray> xrays, int from) throws IOException {
    double[][] probabilities = probabilities(data);
    int size = probabilities.length;
    float[] means = means(data);
    List<Optional<Double>> distances = distances(data, size);
    List<Optional<Rebuilt>> rebuilt = rebuilt(data, size);
    List<GrayImage> pictures = // read again only if they are looked at again
        changes.isEmpty() && blind.isEmpty()
            ? List.of()
            : IntStream.range(from, from + size).mapToObj(dataset::image).toList();
    List<Map<Change, Double>> changed = changed(data, pictures, size);
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      Xray xray = xrays.get(from + i);
      Map<Trait, Double> traits = new EnumMap<>(Trait.class);
      if (xray.source() instanceof ImageSource.FileSource file) {
        traits.put(Trait.FILE_BYTES, (double) Files.size(file.path()));
        traits.put(Trait.PIXELS, (double) dataset.originalPixelCount(from + i));
      }
      traits.put(Trait.MEAN_INTENSITY, (double) means[i]);
      for (Map.Entry<Trait, BlindRegression> regression : blind.entrySet()) {
        traits.put(regression.getKey(), regression.getValue().of(pictures.get(i)));
      }
      predictions.add(
          Prediction.of(
              xray,
              Arrays.stream(probabilities[i]).boxed().toList(),
              traits,
              changed.get(i),
              distances.get(i),
              rebuilt.get(i)));
    }
    return predictions;
  }

  /** Of the pixels of each picture. */
  private static float[] means(NDArray data) {
    try (NDArray rows = data.reshape(data.getShape().get(0), -1);
        NDArray means = rows.mean(PIXELS)) {
      return means.toFloatArray();
    }
  }

  /** What is answered after each change. */
  private List<Map<Change, Double>> changed(NDArray data, List<GrayImage> pictures, int size)
      throws IOException {
    List<Map<Change, Double>> changed = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      changed.add(new EnumMap<>(Change.class));
    }
    for (Change change : changes) {
      double[] answers = changed(data, pictures, change);
      for (int i = 0; i < size; i++) {
        changed.get(i).put(change, answers[i]);
      }
    }
    return changed;
  }

  private List<Optional<Double>> distances(NDArray data, int size) {
    if (training.isEmpty()) {
      return Collections.nCopies(size, Optional.empty());
    }
    TrainingCases cases = training.get();
    return cases.nearest(classifier.manager(), classifier.embeddings(data), NEIGHBOURS).stream()
        .map(nearest -> Optional.of(farthest(nearest.distances())))
        .toList();
  }

  private List<Optional<Rebuilt>> rebuilt(NDArray data, int size) {
    if (!(classifier.block() instanceof ReconstructionError network)) {
      return Collections.nCopies(size, Optional.empty());
    }
    int width = (int) data.getShape().get(3);
    int pixels = (int) data.getShape().get(2) * width;
    float[] pictures = data.toFloatArray();
    ParameterStore parameters = new ParameterStore(classifier.manager(), false);
    float[] given = network.reconstruct(parameters, data).toFloatArray();
    return IntStream.range(0, size)
        .parallel()
        .mapToObj(
            i ->
                Optional.of(
                    Rebuilt.of(
                        Arrays.copyOfRange(pictures, i * pixels, (i + 1) * pixels),
                        Arrays.copyOfRange(given, i * pixels, (i + 1) * pixels),
                        width)))
        .toList();
  }

  /** Not a number where the embedding is none. */
  private static double farthest(double[] ascending) {
    return ascending.length == 0 ? Double.NaN : ascending[ascending.length - 1];
  }

  private double[] changed(NDArray data, List<GrayImage> pictures, Change change)
      throws IOException {
    int size = pictures.get(0).pixels().length;
    float[] pixels = new float[pictures.size() * size];
    try {
      IntStream.range(0, pictures.size())
          .parallel()
          .forEach(
              i -> System.arraycopy(after(change, pictures.get(i)), 0, pixels, i * size, size));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    Shape shape = data.getShape();
    try (NDArray batch = data.getManager().create(pixels, shape)) {
      return Stream.of(probabilities(batch)).mapToDouble(task::positiveProbability).toArray();
    }
  }

  private static float[] after(Change change, GrayImage picture) {
    try {
      return change.of(picture);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
