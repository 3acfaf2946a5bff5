package dev.cxr.data.cli;

import java.util.List;
import java.util.stream.Stream;

/** Lists the files that a command could not read, and counts them in its exit code. */
public final class UnreadableFiles {

  /** Shells reserve higher ones. */
  private static final int MAX_EXIT_CODE = 125;

  private UnreadableFiles() {}

  /**
   * Prints the files to the standard error stream.
   *
   * @param notOpened one line for each file or folder that could not be searched
   * @param notDecoded one line for each file that could not be decoded
   * @return the exit code: their number, at most 125
   */
  public static int report(List<String> notOpened, List<String> notDecoded) {
    List<String> lines = Stream.concat(notOpened.stream(), notDecoded.stream()).toList();
    if (!lines.isEmpty()) {
      System.err.printf("%d could not be read:%n", lines.size());
      lines.forEach(line -> System.err.println("  " + line));
    }
    return Math.min(lines.size(), MAX_EXIT_CODE);
  }
}
