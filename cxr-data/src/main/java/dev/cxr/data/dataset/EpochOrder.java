package dev.cxr.data.dataset;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.catalogue.Finding;
import dev.cxr.data.dataset.Sampling.EveryPicture;
import dev.cxr.data.dataset.Sampling.Shares;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The pictures of one epoch in their order, and the seed of each one's draws. */
final class EpochOrder {

  private final long seed;
  private final int epoch;
  private final int[] pictures;

  /** How often the picture at each position came before. */
  private final int[] repeats;

  private EpochOrder(long seed, int epoch, List<Integer> order) {
    this.seed = seed;
    this.epoch = epoch;
    pictures = order.stream().mapToInt(i -> i).toArray();
    repeats = new int[pictures.length];
    int[] seen = new int[1 + IntStream.of(pictures).max().orElse(0)];
    for (int position = 0; position < repeats.length; position++) {
      repeats[position] = seen[pictures[position]]++;
    }
  }

  /**
   * The order that seed and epoch fix.
   *
   * @param findings of the pictures there are
   * @param labels their classes
   * @throws UserErrorException if the sampling's shares are not those of these findings
   */
  static EpochOrder of(
      Sampling sampling, List<Finding> findings, int[] labels, long seed, int epoch) {
    Random random = new Random(Seeds.of(seed, epoch));
    List<Integer> order = new ArrayList<>();
    if (sampling instanceof Shares shares) {
      ShareOut deal = new ShareOut(shares, findings, random);
      for (int i = 0; i < findings.size(); i++) {
        order.add(deal.next());
      }
    } else {
      IntStream.range(0, labels.length).forEach(order::add);
      if (sampling == EveryPicture.OVERSAMPLED) {
        addMissing(order, labels, random);
      }
      Collections.shuffle(order, random);
    }
    return new EpochOrder(seed, epoch, order);
  }

  /** Every picture once, from the first to the last, with the draws of epoch 0. */
  static EpochOrder natural(int pictures, long seed) {
    return new EpochOrder(seed, 0, IntStream.range(0, pictures).boxed().toList());
  }

  private static void addMissing(List<Integer> order, int[] labels, Random random) {
    Map<Integer, List<Integer>> classes = new TreeMap<>();
    for (int picture = 0; picture < labels.length; picture++) {
      classes.computeIfAbsent(labels[picture], label -> new ArrayList<>()).add(picture);
    }
    int largest = classes.values().stream().mapToInt(List::size).max().orElse(0);
    for (List<Integer> pictures : classes.values()) {
      Deck deck = new Deck(pictures, random);
      for (int count = pictures.size(); count < largest; count++) {
        order.add(deck.deal());
      }
    }
  }

  int size() {
    return pictures.length;
  }

  /** The index of the picture at a position. */
  int picture(int position) {
    return pictures[position];
  }

  /**
   * What the draws of the picture at a position follow from: another one each time it comes, the
   * first being that of an epoch in which it comes once.
   */
  long seed(int position) {
    int picture = pictures[position];
    int repeat = repeats[position];
    return repeat == 0 ? Seeds.of(seed, epoch, picture) : Seeds.of(seed, epoch, picture, repeat);
  }
}
