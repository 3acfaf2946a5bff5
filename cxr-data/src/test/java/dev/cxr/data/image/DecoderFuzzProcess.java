package dev.cxr.data.image;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Decodes the files of a folder and then broken copies of them, in a process whose heap is bounded;
 * ends with 1 at the first that is neither decoded nor rejected by name in time.
 *
 * <p>Arguments: the folder of intact files, a scratch file, how many mutants, a seed.
 */
final class DecoderFuzzProcess {

  /** CPU time of the thread, which does not depend on the load of the machine. */
  private static final long MAX_NANOS = 2_000_000_000L;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private DecoderFuzzProcess() {}

  public static void main(String[] arguments) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(Path.of(arguments[0]))) {
      files = found.filter(Files::isRegularFile).sorted().toList();
    }
    Path scratch = Path.of(arguments[1]);
    int count = Integer.parseInt(arguments[2]);
    long seed = Long.parseLong(arguments[3]);
    for (Path file : files) {
      ImageDecoder.decode(file);
    }
    int decoded = 0;
    long slowest = 0;
    for (int i = 0; i < count; i++) {
      var random = new Random(seed + i);
      Path file = files.get(i % files.size());
      byte[] donor = Files.readAllBytes(files.get(random.nextInt(files.size())));
      Files.write(
          scratch, new FileMutator(random.nextLong()).mutate(Files.readAllBytes(file), donor));
      long started = THREADS.getCurrentThreadCpuTime();
      try {
        ImageDecoder.decode(scratch);
        decoded++;
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).startsWith(scratch.toString())) {
          fail(i, file, e);
        }
      } catch (Throwable e) { // reported with the mutant that caused it
        fail(i, file, e);
      }
      long nanos = THREADS.getCurrentThreadCpuTime() - started;
      slowest = Math.max(slowest, nanos);
      if (nanos > MAX_NANOS) {
        fail(i, file, new IllegalStateException("it took %d ms".formatted(nanos / 1_000_000)));
      }
    }
    System.out.printf(
        "done: %d mutants of %d files, %d decoded, %d refused, the slowest in %d ms%n",
        count, files.size(), decoded, count - decoded, slowest / 1_000_000);
  }

  private static void fail(int mutant, Path file, Throwable e) {
    System.out.printf("failed: mutant %d, of %s%n", mutant, file);
    e.printStackTrace(System.out);
    System.exit(1);
  }
}
