package dev.cxr.train.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.Summary;

/** Reads event files as TensorFlow does: with its own message classes, every checksum checked. */
public final class TensorFlowReader {

  private TensorFlowReader() {}

  /** A number that TensorBoard would show. */
  public record Scalar(String tag, long step, float value) {}

  /** The events of all files of a folder, in the order in which TensorBoard reads them. */
  public static List<Event> events(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
    List<Event> events = new ArrayList<>();
    for (Path file : files) {
      assertThat(file.getFileName().toString()).contains("tfevents");
      events.addAll(eventsOf(file));
    }
    return events;
  }

  static List<Event> eventsOf(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    for (byte[] record : records(file)) {
      events.add(Event.parseFrom(record));
    }
    return events;
  }

  static List<byte[]> records(Path file) throws IOException {
    List<byte[]> records = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (in.available() > 0) {
        byte[] length = read(in, 8);
        records.add(read(in, (int) little(length).getLong()));
      }
    }
    return records;
  }

  private static byte[] read(DataInputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    Checksum crc = new CRC32C();
    crc.update(bytes);
    int value = (int) crc.getValue();
    int masked = ((value >>> 15) | (value << 17)) + 0xa282ead8;
    assertThat(little(in.readNBytes(4)).getInt()).isEqualTo(masked);
    return bytes;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The numbers among the events. */
  public static List<Scalar> scalars(List<Event> events) {
    List<Scalar> scalars = new ArrayList<>();
    for (Event event : events) {
      for (Summary.Value value : event.getSummary().getValueList()) {
        if (value.getValueCase() == Summary.Value.ValueCase.SIMPLE_VALUE) {
          scalars.add(new Scalar(value.getTag(), event.getStep(), value.getSimpleValue()));
        }
      }
    }
    return scalars;
  }

  /** The pictures among the events. */
  public static List<Summary.Image> images(List<Event> events) {
    return events.stream()
        .flatMap(event -> event.getSummary().getValueList().stream())
        .filter(value -> value.getValueCase() == Summary.Value.ValueCase.IMAGE)
        .map(Summary.Value::getImage)
        .toList();
  }
}
