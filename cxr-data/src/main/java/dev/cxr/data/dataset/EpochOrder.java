package dev.cxr.data.dataset;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.dataset.Sampling.EveryImage;
import dev.cxr.data.dataset.Sampling.FindingShares;
import dev.cxr.data.index.Finding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The images of one epoch in their order, and the seed of each one's draws. */
final class EpochOrder {

  private final long seed;
  private final int epoch;
  private final int[] imageIndices;

  /** How often the image at each position came before. */
  private final int[] repetitions;

  EpochOrder(long seed, int epoch, List<Integer> order) {
    this.seed = seed;
    this.epoch = epoch;
    imageIndices = order.stream().mapToInt(i -> i).toArray();
    repetitions = new int[imageIndices.length];
    int[] seen = new int[1 + IntStream.of(imageIndices).max().orElse(0)];
    for (int position = 0; position < repetitions.length; position++) {
      repetitions[position] = seen[imageIndices[position]]++;
    }
  }

  /**
   * The order that seed and epoch fix.
   *
   * @param findings of the images
   * @param labels their classes
   * @throws UserErrorException if the sampling's shares are not those of these findings
   */
  static EpochOrder of(
      Sampling sampling, List<Finding> findings, int[] labels, long seed, int epoch) {
    Random random = new Random(SeedDerivation.derive(seed, epoch));
    List<Integer> order = new ArrayList<>();
    if (sampling instanceof FindingShares shares) {
      StratifiedOrder stratified = new StratifiedOrder(shares, findings, random);
      for (int i = 0; i < findings.size(); i++) {
        order.add(stratified.next());
      }
    } else {
      IntStream.range(0, labels.length).forEach(order::add);
      if (sampling == EveryImage.OVERSAMPLED) {
        oversample(order, labels, random);
      }
      Collections.shuffle(order, random);
    }
    return new EpochOrder(seed, epoch, order);
  }

  /** Every image once, from the first to the last, with the draws of epoch 0. */
  static EpochOrder sequential(int imageCount, long seed) {
    return new EpochOrder(seed, 0, IntStream.range(0, imageCount).boxed().toList());
  }

  private static void oversample(List<Integer> order, int[] labels, Random random) {
    Map<Integer, List<Integer>> classes = new TreeMap<>();
    for (int image = 0; image < labels.length; image++) {
      classes.computeIfAbsent(labels[image], label -> new ArrayList<>()).add(image);
    }
    int largest = classes.values().stream().mapToInt(List::size).max().orElse(0);
    for (List<Integer> images : classes.values()) {
      ShuffledCycle cycle = new ShuffledCycle(images, random);
      for (int count = images.size(); count < largest; count++) {
        order.add(cycle.next());
      }
    }
  }

  int size() {
    return imageIndices.length;
  }

  /** The index of the image at a position. */
  int imageIndex(int position) {
    return imageIndices[position];
  }

  /**
   * What the draws of the image at a position follow from: another one each time it comes, the
   * first being that of an epoch in which it comes once.
   */
  long augmentationSeed(int position) {
    int index = imageIndices[position];
    int repeat = repetitions[position];
    return repeat == 0
        ? SeedDerivation.derive(seed, epoch, index)
        : SeedDerivation.derive(seed, epoch, index, repeat);
  }
}
