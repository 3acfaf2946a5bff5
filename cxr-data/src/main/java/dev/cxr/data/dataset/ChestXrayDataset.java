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
import ai.djl.util.Progress;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.image.GrayImage;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Split;
import dev.cxr.data.index.Task;
import dev.cxr.data.index.Xray;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The images and labels of one split, as a DJL {@link ai.djl.training.dataset.RandomAccessDataset}.
 *
 * <p>A batch's data is (N, 1, side, side) float32 in [0, 1], its labels (N) float32: the index of
 * the class in {@link Task#classes()}. What a batch holds is fixed by seed, epoch and position,
 * whatever the number of threads and whatever else is read at the same time.
 *
 * <p>DJL's own ways in ({@code getData}, {@code get}, {@code subDataset}) show every image as it is
 * in epoch 0: learn from {@link #epoch}.
 */
public final class ChestXrayDataset extends ImageClassificationDataset {

  private final ImageStore images;
  private final List<Integer> imageIndices;
  private final Task task;
  private final Augmenter augmenter;
  private final Sampling sampling;
  private final int batchSize;
  private final long seed;
  private final int epochSize;
  private final AtomicReference<@Nullable BufferPool> spareBuffer = new AtomicReference<>();

  private ChestXrayDataset(Builder builder, ImageStore images, Split split, Task task) {
    super(builder);
    this.images = images;
    this.imageIndices = images.indices(split).stream().limit(limit).toList();
    this.task = task;
    this.augmenter = new Augmenter(builder.augmentation);
    this.sampling = builder.sampling;
    this.batchSize = builder.getSampler().getBatchSize();
    this.seed = builder.seed;
    this.epochSize = epochOrder(0).size();
  }

  /** A builder: pixels, task and batch size are required. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The batches of one epoch, mixed. A last batch of one image joins the batch before it.
   *
   * <p>Any number of epochs may be read at once. A batch's indices are positions in the epoch.
   *
   * @param manager the parent of every batch's own manager; close each batch
   * @param epochNumber fixes order and augmentation together with the seed
   * @param executor reads and augments images ahead of their use
   */
  public Iterable<Batch> epoch(NDManager manager, int epochNumber, ExecutorService executor) {
    return batches(
        manager, epochOrder(epochNumber), new SequentialBatchSampler(batchSize), executor);
  }

  /** All images in the order of {@link #xrays()}; the last batch may be smaller. */
  public Iterable<Batch> inOrder(NDManager manager, ExecutorService executor) {
    Sampler sampler = new BatchSampler(new SequenceSampler(), batchSize, false);
    return batches(manager, EpochOrder.sequential(imageIndices.size(), seed), sampler, executor);
  }

  /**
   * Images are read on the side, arrays made by whoever asks for them. Made on the side, they would
   * take memory at any moment of the engine's work, out of the holes that its next step fits into,
   * and the process would grow.
   */
  private Iterable<Batch> batches(
      NDManager manager, EpochOrder order, Sampler sampler, ExecutorService executor) {
    Epoch epoch = new Epoch(order, executor);
    DataIterable batches =
        new DataIterable(
            epoch,
            manager,
            sampler,
            dataBatchifier,
            labelBatchifier,
            pipeline,
            targetPipeline,
            null,
            0,
            device);
    return () ->
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            boolean more = batches.hasNext();
            if (!more) {
              epoch.returnBuffer();
            }
            return more;
          }

          @Override
          public Batch next() {
            return batches.next();
          }
        };
  }

  /** Images an epoch: as many as there are, but more where some are oversampled. */
  public int epochSize() {
    return epochSize;
  }

  /** The class index of every image of an epoch, in the order of its batches. */
  public int[] epochLabels(int epochNumber) {
    EpochOrder order = epochOrder(epochNumber);
    return IntStream.range(0, order.size()).map(i -> label(order.imageIndex(i))).toArray();
  }

  /** The X-ray of every image of an epoch, in the order of its batches. */
  public List<Xray> epochXrays(int epochNumber) {
    List<Xray> xrays = xrays();
    EpochOrder order = epochOrder(epochNumber);
    return IntStream.range(0, order.size()).mapToObj(i -> xrays.get(order.imageIndex(i))).toList();
  }

  /** Batches an epoch. */
  public int batchesPerEpoch() {
    return new SequentialBatchSampler(batchSize).count(epochSize);
  }

  /** Images a batch. */
  public int batchSize() {
    return batchSize;
  }

  /** The X-rays of this split, in order. */
  public List<Xray> xrays() {
    return imageIndices.stream().map(i -> images.index().xrays().get(i)).toList();
  }

  /** One of {@link #xrays} as it is, of the catalogue's side. */
  public GrayImage image(int index) {
    return images.image(imageIndices.get(index));
  }

  /** Columns times rows of one of {@link #xrays} as it is stored. */
  public long originalPixelCount(int index) {
    return images.originalPixelCount(imageIndices.get(index));
  }

  /** The class index of every X-ray, in order. */
  public int[] labels() {
    return IntStream.range(0, imageIndices.size()).map(this::label).toArray();
  }

  private int label(int index) {
    return task.label(finding(index));
  }

  private Finding finding(int index) {
    return images.index().xrays().get(imageIndices.get(index)).finding();
  }

  private EpochOrder epochOrder(int epochNumber) {
    List<Finding> findings =
        IntStream.range(0, imageIndices.size()).mapToObj(this::finding).toList();
    return EpochOrder.of(sampling, findings, labels(), seed, epochNumber);
  }

  /** An image and its label: (1, side, side) and () float32. */
  @Override
  public Record get(NDManager manager, long index) {
    NDArray data =
        manager.create(epochZeroPixels(index), new Shape(1, images.side(), images.side()));
    NDArray label = manager.create((float) label((int) index));
    return new Record(new NDList(data), new NDList(label));
  }

  /** In epoch 0. */
  private float[] epochZeroPixels(long index) {
    return images.augmentedPixels(
        imageIndices.get((int) index), augmenter, SeedDerivation.derive(seed, 0, index));
  }

  @Override
  protected Image getImage(long index) {
    int side = images.side();
    float[] gray = epochZeroPixels(index);
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

  /**
   * One epoch as a dataset of its own, whose indices are positions in it, to be read once from the
   * first to the last.
   */
  private final class Epoch extends RandomAccessDataset {

    private final EpochOrder order;
    private final ExecutorService executor;
    private final Queue<CompletableFuture<Void>> pending = new ArrayDeque<>();
    private final BufferPool buffer;
    private boolean bufferReturned;
    private int started;

    Epoch(EpochOrder order, ExecutorService executor) {
      super(new Builder().setBatchSize(batchSize));
      this.order = order;
      this.executor = executor;
      BufferPool spare = spareBuffer.getAndSet(null);
      this.buffer =
          spare != null ? spare : new BufferPool(prefetchCount() + batchSize + 1, images.side());
      readAhead(0);
    }

    @Override
    public Record get(NDManager manager, long position) {
      int at = (int) position;
      readAhead(at);
      pending.remove().join();
      return buffer.record(manager, at);
    }

    /** For the next epoch, once. */
    void returnBuffer() {
      if (!bufferReturned) {
        bufferReturned = true;
        spareBuffer.set(buffer);
      }
    }

    private void readAhead(int position) {
      int end = Math.min(order.size(), position + prefetchCount());
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

    /** How many images are begun at once; with no prefetching the one that is asked for. */
    private int prefetchCount() {
      return Math.max(1, ChestXrayDataset.this.prefetchNumber * batchSize);
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
   * <p>What DJL's builders have is kept to: transforms apply to each image of a batch, after
   * augmentation; the limit takes the first images. Of a sampler given to {@code setSampling},
   * {@link #epoch} and {@link #inOrder} take the batch size alone.
   */
  public static final class Builder extends ImageDataset.BaseBuilder<Builder> {

    private @Nullable ImageStore images;
    private @Nullable Split split;
    private @Nullable Task task;
    private Augmentation augmentation = Augmentation.NONE;
    private Sampling sampling = Sampling.EveryImage.NATURAL;
    private long seed;

    private Builder() {}

    /** Which images, and of them which split. */
    public Builder setImages(ImageStore newImages, Split newSplit) {
      this.images = newImages;
      this.split = newSplit;
      return this;
    }

    /** What the labels mean. */
    public Builder setTask(Task newTask) {
      this.task = newTask;
      return this;
    }

    /** Images a batch. */
    public Builder setBatchSize(int size) {
      return setSampling(new BatchSampler(new SequenceSampler(), size, false));
    }

    /** How images are varied; not at all by default. */
    public Builder optAugmentation(Augmentation newAugmentation) {
      this.augmentation = newAugmentation;
      return this;
    }

    /** Which images an epoch holds, and how often; each once by default. */
    public Builder optSampling(Sampling newSampling) {
      this.sampling = newSampling;
      return this;
    }

    /**
     * Takes gray, which X-rays are.
     *
     * @throws IllegalArgumentException if it is colour
     */
    @Override
    public Builder optFlag(Image.Flag flag) {
      if (flag != Image.Flag.GRAYSCALE) {
        throw new IllegalArgumentException("X-rays are GRAYSCALE, not " + flag);
      }
      return super.optFlag(flag);
    }

    /** Fixes order and augmentation; 0 by default. */
    public Builder optSeed(long newSeed) {
      this.seed = newSeed;
      return this;
    }

    @Override
    protected Builder self() {
      return this;
    }

    /**
     * The dataset.
     *
     * @throws IllegalStateException naming what is required and was not set
     * @throws dev.cxr.common.cli.UserErrorException if the sampling's shares are not those of the
     *     findings there are
     */
    public ChestXrayDataset build() {
      if (images == null || split == null || task == null || sampler == null) {
        throw new IllegalStateException("setPixels, setTask and setBatchSize are required");
      }
      return new ChestXrayDataset(this, images, split, task);
    }
  }
}
