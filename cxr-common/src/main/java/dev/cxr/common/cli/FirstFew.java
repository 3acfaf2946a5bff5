package dev.cxr.common.cli;

import java.util.Collection;
import java.util.stream.Collectors;

/** The beginning of a long list in a message. */
public final class FirstFew {

  private static final int USUAL_COUNT = 3;

  private FirstFew() {}

  /**
   * {@return the first three texts, separated by commas, and an ellipsis if there are more}
   *
   * @param texts any number
   */
  public static String of(Collection<String> texts) {
    return of(texts, USUAL_COUNT, ", ");
  }

  /**
   * {@return the first texts, and an ellipsis if there are more}
   *
   * @param texts any number
   * @param count how many to show at most
   * @param separator between two of them
   */
  public static String of(Collection<String> texts, int count, String separator) {
    return texts.stream().limit(count).collect(Collectors.joining(separator))
        + (texts.size() > count ? separator + "…" : "");
  }
}
