package dev.cxr.train.tensorboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A folder of event files, one for each process of a run. Together they have every event once: a
 * mark is written before each checkpoint, and resuming cuts off all events after that mark.
 */
final class EventFolder implements AutoCloseable {

  private static final String PREFIX = "events.out.tfevents.";
  private static final String FILE_VERSION = "brain.Event:2";
  private static final int GRAY = 1;

  /** Fields of {@code Event}. */
  private static final int WALL_TIME = 1;

  private static final int STEP = 2;
  private static final int VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;

  private final EventFile file;

  private EventFolder(EventFile file) throws IOException {
    this.file = file;
    file.append(event(0).put(VERSION, FILE_VERSION).toBytes());
  }

  /** Starts a new file and deletes earlier ones. */
  static EventFolder create(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Path old : files(folder)) {
      Files.delete(old);
    }
    return open(folder, 0);
  }

  /**
   * Starts a new file after cutting the earlier ones at a mark; without that mark they are deleted.
   */
  static EventFolder resume(Path folder, String mark) throws IOException {
    Files.createDirectories(folder);
    List<Path> files = files(folder);
    byte[] ending = new ProtobufMessage().put(SESSION_LOG, checkpoint(mark)).toBytes();
    for (int i = files.size() - 1; i >= 0; i--) {
      Path last = files.get(i);
      OptionalLong end = EventFile.endOfLast(last, ending);
      if (end.isPresent()) {
        EventFile.truncate(last, end.getAsLong());
        return open(folder, second(last) + 1);
      }
      Files.delete(last);
    }
    return open(folder, 0);
  }

  /** TensorBoard reads files in the order of their names, which have a time. */
  private static EventFolder open(Path folder, long notBefore) throws IOException {
    long second = Math.max(Instant.now().getEpochSecond(), notBefore);
    return new EventFolder(
        EventFile.create(folder.resolve("%s%010d.cxr".formatted(PREFIX, second))));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> name(file).matches("events\\.out\\.tfevents\\.\\d{10}\\.cxr"))
          .sorted()
          .toList();
    }
  }

  private static long second(Path file) {
    return Long.parseLong(name(file).replaceAll("\\D", ""));
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** Numbers of one step, by tag. */
  void scalars(long step, Map<String, Double> values) throws IOException {
    ProtobufMessage summary = new ProtobufMessage();
    values.forEach(
        (tag, value) ->
            summary.put(1, new ProtobufMessage().put(1, tag).put(2, (float) value.doubleValue())));
    file.append(event(step).put(SUMMARY, summary).toBytes());
  }

  /** A gray image as PNG. */
  void image(long step, String tag, int width, int height, byte[] png) throws IOException {
    ProtobufMessage image =
        new ProtobufMessage()
            .put(1, (long) height)
            .put(2, (long) width)
            .put(3, (long) GRAY)
            .put(4, png);
    ProtobufMessage value = new ProtobufMessage().put(1, tag).put(4, image);
    file.append(event(step).put(SUMMARY, new ProtobufMessage().put(1, value)).toBytes());
  }

  /** Writes a mark and syncs the file to disk. */
  void mark(long step, String mark) throws IOException {
    file.append(event(step).put(SESSION_LOG, checkpoint(mark)).toBytes());
    file.sync();
  }

  /** A {@code SessionLog} with status CHECKPOINT. */
  private static ProtobufMessage checkpoint(String mark) {
    return new ProtobufMessage().put(1, 3L).put(2, mark);
  }

  private static ProtobufMessage event(long step) {
    return new ProtobufMessage().put(WALL_TIME, Instant.now().toEpochMilli() / 1e3).put(STEP, step);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
