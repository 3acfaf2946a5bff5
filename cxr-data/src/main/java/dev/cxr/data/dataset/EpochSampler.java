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

/** The images of one epoch in order, and the augmentation seed of each. */
final class EpochSampler {

  private final long seed;
  private final int epoch;
  private final int[] imageIndices;

  /** How often the image at each position occurs before that position. */
  private final int[] repetitions;

  EpochSampler(long seed, int epoch, List<Integer> order) {
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
   * The order for a seed and an epoch.
   *
   * @param findings of the images
   * @param labels their classes
   * @throws UserErrorException if the shares of the sampling do not match the findings
   */
  static EpochSampler of(
      Sampling sampling, List<Finding> findings, int[] labels, long seed, int epoch) {
    Random random = new Random(SeedDerivation.derive(seed, epoch));
    List<Integer> order = new ArrayList<>();
    if (sampling instanceof FindingShares shares) {
      ProportionalSampler stratified = new ProportionalSampler(shares, findings, random);
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
    return new EpochSampler(seed, epoch, order);
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

  /** The seed at a position; a repeated image has a different seed at each repetition. */
  long augmentationSeed(int position) {
    int index = imageIndices[position];
    int repeat = repetitions[position];
    return repeat == 0
        ? SeedDerivation.derive(seed, epoch, index)
        : SeedDerivation.derive(seed, epoch, index, repeat);
  }
}
