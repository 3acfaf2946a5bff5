package dev.cxr.data.download;

import java.io.IOException;
import java.time.Duration;

/**
 * A try that ended early for a reason that may pass; its message says why, as a sentence without
 * its full stop.
 */
final class TryAgain extends IOException {

  private final String why;
  private final transient Duration pause;

  TryAgain(String why) {
    this(why, Duration.ZERO);
  }

  /**
   * With a wait that the server asked for.
   *
   * @param pause how long to wait at least
   */
  TryAgain(String why, Duration pause) {
    super(why);
    this.why = why;
    this.pause = pause;
  }

  String why() {
    return why;
  }

  Duration pause() {
    return pause;
  }
}
