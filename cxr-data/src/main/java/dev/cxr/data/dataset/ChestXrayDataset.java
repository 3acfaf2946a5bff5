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
import ai.djl.training.dataset.Record;
import ai.djl.training.dataset.SequenceSampler;
import ai.djl.translate.TranslateException;
import ai.djl.util.Progress;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.Augmenter;
import dev.cxr.data.catalogue.Split;
import dev.cxr.data.catalogue.Task;
import dev.cxr.data.catalogue.Xray;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The pictures and labels of one split, as a DJL {@link
 * ai.djl.training.dataset.RandomAccessDataset}.
 *
 * <p>A batch's data is (N, 1, side, side) float32 in [0, 1], its labels (N) float32: the index of
 * the class in {@link Task#classes()}. What a batch holds is fixed by seed, epoch and position,
 * whatever the number of threads.
 */
public final class ChestXrayDataset extends ImageClassificationDataset {

  private final PixelCatalogue pixels;
  private final List<Integer> indices;
  private final Task task;
  private final Augmenter augmenter;
  private final int batchSize;
  private final long seed;
  private volatile int epoch;

  private ChestXrayDataset(Builder builder, PixelCatalogue pixels, Split split, Task task) {
    super(builder);
    this.pixels = pixels;
    this.indices = pixels.indices(split);
    this.task = task;
    this.augmenter = new Augmenter(builder.augmentation);
    this.batchSize = builder.getSampler().getBatchSize();
    this.seed = builder.seed;
  }

  /** A builder: pixels, task and batch size are required. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The shuffled batches of one epoch. A last batch of one picture joins the batch before it.
   *
   * @param manager the parent of every batch's own manager; close each batch
   * @param epochNumber fixes order and augmentation together with the seed; one epoch at a time
   * @param executor makes batches ahead of their use
   */
  public Iterable<Batch> epoch(NDManager manager, int epochNumber, ExecutorService executor)
      throws IOException, TranslateException {
    this.epoch = epochNumber;
    return getData(manager, new ShuffledBatches(batchSize, seed, epochNumber), executor);
  }

  /** All pictures in the order of {@link #xrays()}; the last batch may be smaller. */
  public Iterable<Batch> inOrder(NDManager manager, ExecutorService executor)
      throws IOException, TranslateException {
    return getData(manager, new BatchSampler(new SequenceSampler(), batchSize, false), executor);
  }

  /** Pictures a batch. */
  public int batchSize() {
    return batchSize;
  }

  /** The X-rays of this split, in order. */
  public List<Xray> xrays() {
    return indices.stream().map(i -> pixels.catalogue().xrays().get(i)).toList();
  }

  /** The class index of every X-ray, in order. */
  public int[] labels() {
    return xrays().stream().mapToInt(x -> task.label(x.finding())).toArray();
  }

  @Override
  public Record get(NDManager manager, long index) {
    float[] image =
        pixels.pixels(indices.get((int) index), augmenter, Seeds.of(seed, epoch, index));
    NDArray data = manager.create(image, new Shape(1, pixels.side(), pixels.side()));
    NDArray label = manager.create((float) getClassNumber(index));
    return new Record(new NDList(data), new NDList(label));
  }

  @Override
  protected Image getImage(long index) {
    int side = pixels.side();
    float[] gray = pixels.pixels(indices.get((int) index), augmenter, Seeds.of(seed, epoch, index));
    int[] argb = new int[gray.length];
    for (int i = 0; i < argb.length; i++) {
      int level = Math.round(gray[i] * 255);
      argb[i] = 0xFF000000 | level << 16 | level << 8 | level;
    }
    return ImageFactory.getInstance().fromPixels(argb, side, side);
  }

  @Override
  protected long getClassNumber(long index) {
    return task.label(pixels.catalogue().xrays().get(indices.get((int) index)).finding());
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
    return Optional.of(pixels.side());
  }

  @Override
  public Optional<Integer> getImageHeight() {
    return Optional.of(pixels.side());
  }

  @Override
  protected long availableSize() {
    return indices.size();
  }

  /** Does nothing: the pixels are there when the dataset is built. */
  @Override
  public void prepare(@Nullable Progress progress) {}

  /** Builds a {@link ChestXrayDataset}. */
  public static final class Builder extends ImageDataset.BaseBuilder<Builder> {

    private @Nullable PixelCatalogue pixels;
    private @Nullable Split split;
    private @Nullable Task task;
    private Augmentation augmentation = Augmentation.NONE;
    private long seed;

    private Builder() {}

    /** Which pictures, and of them which split. */
    public Builder setPixels(PixelCatalogue catalogue, Split of) {
      this.pixels = catalogue;
      this.split = of;
      return this;
    }

    /** What the labels mean. */
    public Builder setTask(Task newTask) {
      this.task = newTask;
      return this;
    }

    /** Pictures a batch. */
    public Builder setBatchSize(int size) {
      return setSampling(new BatchSampler(new SequenceSampler(), size, false));
    }

    /** How pictures are varied; not at all by default. */
    public Builder optAugmentation(Augmentation ranges) {
      this.augmentation = ranges;
      return this;
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
     */
    public ChestXrayDataset build() {
      if (pixels == null || split == null || task == null || sampler == null) {
        throw new IllegalStateException("setPixels, setTask and setBatchSize are required");
      }
      return new ChestXrayDataset(this, pixels, split, task);
    }
  }
}
