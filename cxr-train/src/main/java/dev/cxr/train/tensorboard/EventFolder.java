package dev.cxr.train.tensorboard;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.SessionLog;
import org.tensorflow.proto.Summary;

/**
 * A folder of event files, one for each process of a run. Together they have every event once: a
 * mark is written before each checkpoint, and resuming cuts off all events after that mark.
 */
final class EventFolder implements AutoCloseable {

  private static final String PREFIX = "events.out.tfevents.";
  private static final String FILE_VERSION = "brain.Event:2";
  private static final int GRAY = 1;

  private final EventFile file;

  private EventFolder(EventFile file) throws IOException {
    this.file = file;
    append(0, Event.newBuilder().setFileVersion(FILE_VERSION));
  }

  /** Starts a new file after cutting the earlier ones at a mark; those without it are deleted. */
  static EventFolder open(Path folder, Optional<String> mark) throws IOException {
    Files.createDirectories(folder);
    long second = Instant.now().getEpochSecond();
    for (Path last : newestFirst(folder)) {
      OptionalLong end =
          mark.isPresent() ? EventFile.endOfCheckpoint(last, mark.get()) : OptionalLong.empty();
      if (end.isPresent()) {
        EventFile.truncate(last, end.getAsLong());
        second = Math.max(second, Long.parseLong(name(last).replaceAll("\\D", "")) + 1);
        break;
      }
      Files.delete(last);
    }
    return new EventFolder(new EventFile(folder.resolve("%s%010d.cxr".formatted(PREFIX, second))));
  }

  /** TensorBoard reads files in the order of their names, which have a time. */
  private static List<Path> newestFirst(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(file -> name(file).matches("events\\.out\\.tfevents\\.\\d{10}\\.cxr"))
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  /** Numbers of one step, by tag. */
  void scalars(long step, Map<String, Double> values) throws IOException {
    Summary.Builder summary = Summary.newBuilder();
    values.forEach(
        (tag, value) -> summary.addValueBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    append(step, Event.newBuilder().setSummary(summary));
  }

  /** A gray image as PNG. */
  void image(long step, String tag, int width, int height, byte[] png) throws IOException {
    Summary.Builder summary = Summary.newBuilder();
    summary
        .addValueBuilder()
        .setTag(tag)
        .getImageBuilder()
        .setHeight(height)
        .setWidth(width)
        .setColorspace(GRAY)
        .setEncodedImageString(ByteString.copyFrom(png));
    append(step, Event.newBuilder().setSummary(summary));
  }

  /** Writes a mark and syncs the file to disk. */
  void mark(long step, String mark) throws IOException {
    SessionLog.Builder log =
        SessionLog.newBuilder()
            .setStatus(SessionLog.SessionStatus.CHECKPOINT)
            .setCheckpointPath(mark);
    append(step, Event.newBuilder().setSessionLog(log));
    file.sync();
  }

  private void append(long step, Event.Builder event) throws IOException {
    event.setWallTime(Instant.now().toEpochMilli() / 1e3).setStep(step);
    file.append(event.build().toByteArray());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
