package dev.cxr.data.dataset;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Batches from the first index to the last.
 *
 * @param dropLast whether to drop a smaller last batch; otherwise a last batch of one image joins
 *     the batch before it, because BatchNorm cannot learn from a single value
 */
record SequentialBatchSampler(int batchSize, boolean dropLast) implements Sampler {

  @Override
  public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
    return batches(dataset.size()).iterator();
  }

  /** How many batches that many images make. */
  int count(long size) {
    return batches(size).size();
  }

  private List<List<Long>> batches(long size) {
    List<List<Long>> batches = new ArrayList<>();
    long from = 0;
    while (from < (dropLast ? size - batchSize + 1 : size)) {
      long to = Math.min(from + batchSize, size);
      if (!dropLast && size - to == 1) {
        to++;
      }
      batches.add(LongStream.range(from, to).boxed().toList());
      from = to;
    }
    return batches;
  }

  @Override
  public int getBatchSize() {
    return batchSize;
  }
}
