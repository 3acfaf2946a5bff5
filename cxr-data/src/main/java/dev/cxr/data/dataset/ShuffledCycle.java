package dev.cxr.data.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Returns items in random order, all of them before it repeats any. */
final class ShuffledCycle {

  private final List<Integer> items;
  private final Random random;
  private int served;

  ShuffledCycle(List<Integer> items, Random random) {
    this.items = new ArrayList<>(items);
    this.random = random;
  }

  int next() {
    int next = served++ % items.size();
    if (next == 0) {
      Collections.shuffle(items, random);
    }
    return items.get(next);
  }
}
