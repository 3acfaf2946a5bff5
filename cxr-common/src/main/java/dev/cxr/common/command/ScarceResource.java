package dev.cxr.common.command;

import dev.cxr.common.runtime.MemoryLimit;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the system has too little of, recognised by the words of whatever ran into its limit. */
enum ScarceResource {
  DISK("No space left|Disk quota exceeded") {
    @Override
    String explain(String message) {
      return ("Expected free space on the disk; found it full (%s). Free some space or choose another"
              + " folder.")
          .formatted(message);
    }
  },
  DESCRIPTORS("Too many open files") {
    @Override
    String explain(String message) {
      return "Expected a free file descriptor; found the limit of this process reached (%s). Raise it, such as with ulimit -n 4096."
          .formatted(message);
    }
  },
  THREADS("native thread|Resource temporarily unavailable") {
    @Override
    String explain(String message) {
      return ("Expected to start a thread; found the limit of processes and threads reached (%s)."
              + " Raise it: ulimit -u, or pids.max of the cgroup.")
          .formatted(message);
    }
  },
  NATIVE_MEMORY("(?i)can(no|')t allocate memory|not enough memory: you tried|out of memory \\(os") {
    @Override
    String explain(String message) {
      return "Expected memory for the engine; found too little within the limit of %s. Raise it, or lower the batch size."
          .formatted(MemoryLimit.current());
    }
  },
  HEAP("Java heap space|GC overhead limit|Requested array size|Metaspace|Direct buffer") {
    @Override
    String explain(String message) {
      return ("Out of memory: all %d MiB of the heap are in use. Give Java more, such as"
              + " CXR_JAVA_OPTS=-Xmx8g (with Maven MAVEN_OPTS=-Xmx8g), or smaller images.")
          .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }
  };

  private final Pattern words;

  ScarceResource(String words) {
    this.words = Pattern.compile(words);
  }

  /** What is scarce, why, and what to do. */
  abstract String explain(String message);

  /** Explains a failure; empty if no resource was scarce. */
  static Optional<String> explain(Stream<Throwable> causes) {
    return causes
        .map(cause -> String.valueOf(cause.getMessage()))
        .flatMap(
            message ->
                Arrays.stream(values())
                    .filter(resource -> resource.words.matcher(message).find())
                    .map(resource -> resource.explain(message)))
        .findFirst();
  }
}
