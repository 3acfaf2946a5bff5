package dev.cxr.data.dataset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Pictures that are dealt in random order, all of them before any comes again. */
final class Deck {

  private final List<Integer> pictures;
  private final Random random;
  private int dealt;

  Deck(List<Integer> pictures, Random random) {
    this.pictures = new ArrayList<>(pictures);
    this.random = random;
  }

  int deal() {
    int next = dealt++ % pictures.size();
    if (next == 0) {
      Collections.shuffle(pictures, random);
    }
    return pictures.get(next);
  }
}
