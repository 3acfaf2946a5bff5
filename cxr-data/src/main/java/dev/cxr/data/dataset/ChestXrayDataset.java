package dev.cxr.data.dataset;

import ai.djl.basicdataset.cv.ImageDataset;
import ai.djl.basicdataset.cv.classification.ImageClassificationDataset;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.BatchSampler;
import ai.djl.training.dataset.DataIterable;
import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.Sampler;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import dev.cxr.common.runtime.EngineDefaults;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The images and labels of one split, as a DJL {@link RandomAccessDataset}.
 *
 * <p>A batch has data (N, 1, side, side) float32 in [0, 1] and labels (N) float32: the index of the
 * class in {@link Task#classes()}. Order and augmentation depend only on seed, epoch and position,
 * not on the number of threads.
 *
 * <p>In DJL's {@code EasyTrain} every epoch is shuffled and augmented anew: each call of {@code
 * getData} returns the next epoch, the first one being epoch 0. {@link #epoch} returns an epoch by
 * its number. {@link #get}, on which DJL's {@code subDataset} and {@code randomSplit} build,
 * augments an image anew each time it is read. Those two split images at random, not patients: for
 * validation use {@link Split#VALIDATION} instead.
 *
 * @since 0.1
 */
public final class ChestXrayDataset extends ImageClassificationDataset {

  static {
    EngineDefaults.prepare();
  }

  private final ImageStore images;
  private final List<Integer> imageIndices;
  private final Task task;
  private final Augmenter augmenter;
  private final Sampling sampling;
  private final int batchSize;
  private final long seed;
  private final boolean shuffle;
  private final SequentialBatchSampler epochBatches;
  private final int epochSize;
  private final AtomicInteger nextEpoch = new AtomicInteger();

  /** How often {@link #get} has read each image. */
  private final AtomicIntegerArray reads;

  private final AtomicReference<@Nullable BufferPool> spareBuffer = new AtomicReference<>();

  private ChestXrayDataset(Builder builder, ImageStore images, Set<Split> splits, Task task) {
    super(builder);
    this.images = images;
    this.imageIndices = images.indices(splits).stream().limit(limit).toList();
    this.task = task;
    this.augmenter = new Augmenter(builder.augmentation);
    this.sampling = builder.sampling;
    this.batchSize = sampler.getBatchSize();
    this.epochBatches =
        sampler instanceof SequentialBatchSampler own
            ? own
            : new SequentialBatchSampler(batchSize, false);
    this.seed = builder.seed;
    this.shuffle = builder.shuffle;
    this.reads = new AtomicIntegerArray(imageIndices.size());
    this.epochSize = epochOrder(0).size();
  }

  /** {@return a builder whose images, task and batch size must be set} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns the batches of the next epoch: shuffled unless the builder disabled it, and augmented
   * anew. Batches can be read once.
   *
   * @param manager the parent of the manager of each batch; close each batch
   * @param order how indices are drawn
   * @param executor prefetches images; without one they are read when they are needed
   * @return the batches
   */
  @Override
  public Iterable<Batch> getData(
      NDManager manager, Sampler order, @Nullable ExecutorService executor)
      throws IOException, TranslateException {
    return order instanceof SequentialBatchSampler && shuffle
        ? batches(manager, epochOrder(nextEpoch.getAndIncrement()), order, executor)
        : super.getData(manager, order, executor);
  }

  /**
   * Returns the batches of one epoch, shuffled.
   *
   * <p>Several epochs can be read at the same time. The indices of a batch are positions in the
   * epoch.
   *
   * @param manager the parent of the manager of each batch; close each batch
   * @param epochNumber determines order and augmentation together with the seed
   * @param executor prefetches images
   * @return the batches, which can be read once
   */
  public Iterable<Batch> epoch(NDManager manager, int epochNumber, ExecutorService executor) {
    return batches(manager, epochOrder(epochNumber), epochBatches, executor);
  }

  /**
   * Returns all images in the order of {@link #xrays()}; the last batch can be smaller.
   *
   * @param manager the parent of the manager of each batch; close each batch
   * @param executor prefetches images
   * @return the batches, which can be read once
   */
  public Iterable<Batch> inOrder(NDManager manager, ExecutorService executor) {
    Sampler sampler = new BatchSampler(new SequenceSampler(), batchSize, false);
    List<Integer> order = IntStream.range(0, imageIndices.size()).boxed().toList();
    return batches(manager, new EpochSampler(seed, 0, order), sampler, executor);
  }

  /**
   * Threads of the executor read images, but the caller's thread creates the arrays. If those
   * threads created them, they would allocate memory in the middle of the engine's work, fragment
   * the heap that its next step needs, and the process would grow.
   */
  private Iterable<Batch> batches(
      NDManager manager, EpochSampler order, Sampler sampler, @Nullable ExecutorService executor) {
    Epoch epoch = new Epoch(order, sampler.getBatchSize(), executor);
    return new DataIterable(
        epoch,
        manager,
        sampler,
        dataBatchifier,
        labelBatchifier,
        pipeline,
        targetPipeline,
        null,
        0,
        device) {
      @Override
      public boolean hasNext() {
        boolean more = super.hasNext();
        if (!more) {
          epoch.returnBuffer();
        }
        return more;
      }
    };
  }

  /** {@return the number of images in an epoch, including repeated ones} */
  public int epochSize() {
    return epochSize;
  }

  /**
   * {@return the class index of every image of an epoch, in the order of its batches}
   *
   * @param epochNumber as for {@link #epoch}
   */
  public int[] epochLabels(int epochNumber) {
    EpochSampler order = epochOrder(epochNumber);
    return IntStream.range(0, order.size()).map(i -> label(order.imageIndex(i))).toArray();
  }

  /**
   * {@return the X-ray of every image of an epoch, in the order of its batches}
   *
   * @param epochNumber as for {@link #epoch}
   */
  public List<Xray> epochXrays(int epochNumber) {
    List<Xray> xrays = xrays();
    EpochSampler order = epochOrder(epochNumber);
    return IntStream.range(0, order.size()).mapToObj(i -> xrays.get(order.imageIndex(i))).toList();
  }

  /** {@return the number of batches in an epoch} */
  public int batchesPerEpoch() {
    return epochBatches.count(epochSize);
  }

  /** {@return the number of images in a batch} */
  public int batchSize() {
    return batchSize;
  }

  /** {@return the X-rays of this split, in order} */
  public List<Xray> xrays() {
    return imageIndices.stream().map(i -> images.index().xrays().get(i)).toList();
  }

  /**
   * {@return an image without augmentation, resized to (side, side)}
   *
   * @param index of one of {@link #xrays()}
   */
  public GrayImage image(int index) {
    return images.image(imageIndices.get(index));
  }

  /**
   * {@return columns times rows of an image at its original size}
   *
   * @param index of one of {@link #xrays()}
   */
  public long originalPixelCount(int index) {
    return images.originalPixelCount(imageIndices.get(index));
  }

  /** {@return for each of {@link #xrays()} its index into {@link Task#classes()}} */
  public int[] labels() {
    return IntStream.range(0, imageIndices.size()).map(this::label).toArray();
  }

  private int label(int index) {
    return task.label(finding(index));
  }

  private Finding finding(int index) {
    return images.index().xrays().get(imageIndices.get(index)).finding();
  }

  private EpochSampler epochOrder(int epochNumber) {
    List<Finding> findings =
        IntStream.range(0, imageIndices.size()).mapToObj(this::finding).toList();
    return EpochSampler.of(sampling, findings, labels(), seed, epochNumber);
  }

  /**
   * Returns an image and its label, augmented anew each time the same index is read: first as in
   * epoch 0, then as in epoch 1, and so on.
   *
   * @param manager of the arrays
   * @param index of one of {@link #xrays()}
   * @return (1, side, side) and () float32
   */
  @Override
  public Record get(NDManager manager, long index) {
    float[] pixels = augmented(index, reads.getAndIncrement((int) index));
    NDArray data = manager.create(pixels, new Shape(1, images.side(), images.side()));
    NDArray label = manager.create((float) label((int) index));
    return new Record(new NDList(data), new NDList(label));
  }

  private float[] augmented(long index, int epochNumber) {
    return images.augmentedPixels(
        imageIndices.get((int) index), augmenter, SeedDerivation.derive(seed, epochNumber, index));
  }

  @Override
  protected Image getImage(long index) {
    int side = images.side();
    float[] gray = augmented(index, 0);
    int[] argb = new int[gray.length];
    for (int i = 0; i < argb.length; i++) {
      int level = Math.round(gray[i] * 255);
      argb[i] = 0xFF000000 | level << 16 | level << 8 | level;
    }
    return ImageFactory.getInstance().fromPixels(argb, side, side);
  }

  @Override
  protected long getClassNumber(long index) {
    return label((int) index);
  }

  @Override
  public List<String> getClasses() {
    return task.classes();
  }

  @Override
  public int getImageChannels() {
    return 1;
  }

  @Override
  public Optional<Integer> getImageWidth() {
    return Optional.of(images.side());
  }

  @Override
  public Optional<Integer> getImageHeight() {
    return Optional.of(images.side());
  }

  @Override
  protected long availableSize() {
    return imageIndices.size();
  }

  /** Does nothing: the pixels are there when the dataset is built. */
  @Override
  public void prepare(@Nullable Progress progress) {}

  /** One epoch as a dataset; its indices are positions, which must be read once and in order. */
  private final class Epoch extends RandomAccessDataset {

    private final EpochSampler order;
    private final Executor executor;

    /** How many images are loaded ahead. */
    private final int prefetchCount;

    private final Queue<CompletableFuture<Void>> pending = new ArrayDeque<>();
    private final BufferPool buffer;
    private boolean bufferReturned;
    private int started;

    Epoch(EpochSampler order, int maxBatchSize, @Nullable ExecutorService executor) {
      super(new Builder().setBatchSize(maxBatchSize));
      this.order = order;
      this.executor = executor == null ? Runnable::run : executor;
      int prefetched = executor == null ? 0 : ChestXrayDataset.this.prefetchNumber;
      prefetchCount = Math.max(1, prefetched * maxBatchSize);
      int capacity = prefetchCount + maxBatchSize + 1; // the last batch can have one image more
      BufferPool spare = spareBuffer.getAndSet(null);
      buffer =
          spare != null && spare.capacity() >= capacity
              ? spare
              : new BufferPool(capacity, images.side());
      readAhead(0);
    }

    @Override
    public Record get(NDManager manager, long position) {
      int at = (int) position;
      readAhead(at);
      pending.remove().join();
      return buffer.record(manager, at);
    }

    /** Leaves the buffer to the next epoch. */
    void returnBuffer() {
      if (!bufferReturned) {
        bufferReturned = true;
        spareBuffer.set(buffer);
      }
    }

    private void readAhead(int position) {
      int end = Math.min(order.size(), position + prefetchCount);
      while (started < end) {
        int next = started++;
        pending.add(CompletableFuture.runAsync(() -> load(next), executor));
      }
    }

    private void load(int position) {
      int index = order.imageIndex(position);
      float[] image =
          images.augmentedPixels(
              imageIndices.get(index), augmenter, order.augmentationSeed(position));
      buffer.put(position, image, label(index));
    }

    @Override
    protected long availableSize() {
      return order.size();
    }

    @Override
    public void prepare(@Nullable Progress progress) {}
  }

  /**
   * Builds a {@link ChestXrayDataset}.
   *
   * <p>Transforms are applied to each image after augmentation; a limit takes the first images.
   */
  public static final class Builder extends ImageDataset.BaseBuilder<Builder> {

    private @Nullable ImageStore images;
    private @Nullable Set<Split> splits;
    private @Nullable Task task;
    private Augmentation augmentation = Augmentation.NONE;
    private Sampling sampling = Sampling.EveryImage.NATURAL;
    private boolean shuffle;
    private long seed;

    private Builder() {}

    /**
     * Sets the images.
     *
     * @param newImages the images of a dataset
     * @param newSplit which of its splits this dataset has
     * @return this builder
     */
    public Builder setImages(ImageStore newImages, Split newSplit) {
      return setImages(newImages, EnumSet.of(newSplit));
    }

    /**
     * Sets the images; required.
     *
     * @param newImages the pixels
     * @param newSplits which of its splits this dataset has
     * @return this builder
     */
    public Builder setImages(ImageStore newImages, Set<Split> newSplits) {
      this.images = newImages;
      this.splits = newSplits;
      return this;
    }

    /**
     * Sets the task, which determines the labels.
     *
     * @param newTask must include every finding of the split
     * @return this builder
     */
    public Builder setTask(Task newTask) {
      this.task = newTask;
      return this;
    }

    /**
     * Sets the batch size; epochs are shuffled.
     *
     * @param size images in a batch
     * @return this builder
     */
    public Builder setBatchSize(int size) {
      return setSampling(size, true, false);
    }

    /**
     * Sets batch size and order.
     *
     * @param size images in a batch
     * @param random whether {@link ChestXrayDataset#getData} shuffles every epoch, by the seed
     * @param dropLast whether to drop a smaller last batch; otherwise a last batch of one image
     *     joins the batch before it, because BatchNorm cannot learn from a single value
     * @return this builder
     */
    @Override
    public Builder setSampling(int size, boolean random, boolean dropLast) {
      shuffle = random;
      return super.setSampling(new SequentialBatchSampler(size, dropLast));
    }

    /**
     * Sets a sampler for {@link ChestXrayDataset#getData}; {@link #optSampling} then applies to
     * {@link ChestXrayDataset#epoch} alone.
     *
     * @param newSampler draws the indices of each epoch
     * @return this builder
     */
    @Override
    public Builder setSampling(Sampler newSampler) {
      shuffle = false;
      return super.setSampling(newSampler);
    }

    /**
     * Sets the augmentation; none by default.
     *
     * @param newAugmentation ranges of the random transforms
     * @return this builder
     */
    public Builder optAugmentation(Augmentation newAugmentation) {
      this.augmentation = newAugmentation;
      return this;
    }

    /**
     * Sets which images a shuffled epoch has and how often; each once by default.
     *
     * @param newSampling how findings are balanced
     * @return this builder
     */
    public Builder optSampling(Sampling newSampling) {
      this.sampling = newSampling;
      return this;
    }

    /**
     * Accepts GRAYSCALE, which is the default.
     *
     * @throws IllegalArgumentException if the flag is COLOR
     */
    @Override
    public Builder optFlag(Image.Flag flag) {
      if (flag != Image.Flag.GRAYSCALE) {
        throw new IllegalArgumentException(
            "expected the flag GRAYSCALE, found %s: X-rays have one channel".formatted(flag));
      }
      return super.optFlag(flag);
    }

    /**
     * Sets the seed of order and augmentation; 0 by default.
     *
     * @param newSeed any number
     * @return this builder
     */
    public Builder optSeed(long newSeed) {
      this.seed = newSeed;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * Builds the dataset.
     *
     * @return the dataset
     * @throws IllegalStateException if a required setting is missing
     * @throws dev.cxr.common.cli.UserErrorException if the shares of the sampling do not match the
     *     findings of the split
     */
    public ChestXrayDataset build() {
      if (images == null || splits == null || task == null || sampler == null) {
        throw new IllegalStateException("setImages, setTask and setBatchSize are required");
      }
      return new ChestXrayDataset(this, images, splits, task);
    }
  }
}
