package dev.cxr.data.image;

import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** Writes TIFF files tag by tag, valid or invalid. */
final class TiffBuilder {

  private final ByteOrder order;

  /** By code: the type, then the numbers. */
  private final Map<Integer, long[]> tags = new TreeMap<>();

  private byte[] data = {};

  TiffBuilder(ByteOrder order) {
    this.order = order;
  }

  /** 8-bit gray, black is zero, in one strip. */
  static TiffBuilder of(ByteOrder order, GrayImage image) {
    return new TiffBuilder(order)
        .put(TIFF.TAG_IMAGE_WIDTH, image.width())
        .put(TIFF.TAG_IMAGE_HEIGHT, image.height())
        .put(TIFF.TAG_BITS_PER_SAMPLE, 8)
        .put(TIFF.TAG_COMPRESSION, 1)
        .put(TIFF.TAG_PHOTOMETRIC_INTERPRETATION, 1)
        .put(TIFF.TAG_SAMPLES_PER_PIXEL, 1)
        .strips(image.pixels());
  }

  /** The strips, and the tags with their positions. */
  TiffBuilder strips(byte[]... strips) {
    var out = new ByteArrayOutputStream();
    var offsets = new long[strips.length];
    var sizes = new long[strips.length];
    for (int i = 0; i < strips.length; i++) {
      offsets[i] = 8L + out.size();
      sizes[i] = strips[i].length;
      out.writeBytes(strips[i]);
    }
    data = out.toByteArray();
    return put(TIFF.TAG_STRIP_OFFSETS, offsets).put(TIFF.TAG_STRIP_BYTE_COUNTS, sizes);
  }

  /** Numbers of 4 bytes. */
  TiffBuilder put(int tag, long... numbers) {
    return putTyped(tag, 4, numbers);
  }

  /** Numbers of any type; of 2 bytes if it is 3, else of 4. */
  TiffBuilder putTyped(int code, int type, long... numbers) {
    tags.put(code, LongStream.concat(LongStream.of(type), LongStream.of(numbers)).toArray());
    return this;
  }

  TiffBuilder without(int tag) {
    tags.remove(tag);
    return this;
  }

  byte[] bytes() {
    var values = new ByteArrayOutputStream();
    int directory = 8 + data.length + data.length % 2;
    int valuesAt = directory + 2 + tags.size() * 12 + 4;
    var entryBytes = new byte[2 + tags.size() * 12 + 4];
    var entries = over(entryBytes).putShort((short) tags.size());
    for (var tag : tags.entrySet()) {
      long[] value = tag.getValue();
      int count = value.length - 1;
      int size = value[0] == 3 ? 2 : 4;
      var numberBytes = new byte[Math.max(4, count * size)];
      var numbers = over(numberBytes);
      for (int i = 1; i <= count; i++) {
        if (size == 2) {
          numbers.putShort((short) value[i]);
        } else {
          numbers.putInt((int) value[i]);
        }
      }
      entries.putShort((short) (int) tag.getKey()).putShort((short) value[0]).putInt(count);
      if (numberBytes.length > 4) {
        entries.putInt(valuesAt + values.size());
        values.writeBytes(numberBytes);
      } else {
        entries.put(numberBytes);
      }
    }
    var file = new byte[valuesAt + values.size()];
    over(file)
        .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
        .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 'I' : 'M'))
        .putShort((short) 42)
        .putInt(directory)
        .put(data)
        .position(directory)
        .put(entryBytes)
        .put(values.toByteArray());
    return file;
  }

  private ByteBuffer over(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(order);
  }
}
