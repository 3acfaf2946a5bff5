package dev.cxr.data.download;

import java.time.Duration;

/**
 * How long a download waits, and how often it tries again.
 *
 * @param silence how long a server may say nothing
 * @param tries how many in a row may bring not one byte more
 * @param firstPause before the second try; each further pause is twice as long
 * @param longestPause that any pause may last, also one that a server asks for
 */
record Patience(Duration silence, int tries, Duration firstPause, Duration longestPause) {

  static final Patience DEFAULT =
      new Patience(Duration.ofSeconds(60), 5, Duration.ofSeconds(1), Duration.ofMinutes(2));

  /** Before the next try, after so many without one byte more. */
  Duration pause(int fruitless) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(Math.max(fruitless - 1, 0), 20));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
