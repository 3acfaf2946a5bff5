package dev.cxr.data.dataset;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Every picture once, in an order that seed and epoch fix.
 *
 * <p>A last batch of one joins the batch before it: BatchNorm cannot learn from a single value.
 */
record ShuffledBatches(int batchSize, long seed, int epoch) implements Sampler {

  @Override
  public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
    List<Long> order = new ArrayList<>(LongStream.range(0, dataset.size()).boxed().toList());
    Collections.shuffle(order, new Random(Seeds.of(seed, epoch)));
    List<List<Long>> batches = new ArrayList<>();
    int from = 0;
    while (from < order.size()) {
      int to = Math.min(from + batchSize, order.size());
      if (order.size() - to == 1) {
        to++;
      }
      batches.add(order.subList(from, to));
      from = to;
    }
    return batches.iterator();
  }

  @Override
  public int getBatchSize() {
    return batchSize;
  }
}
