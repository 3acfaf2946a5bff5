package dev.cxr.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/** An .npz file of little-endian float32 arrays, read without any engine. */
record NpzFile(Path path) {

  private static final Pattern SHAPE = Pattern.compile("'shape': \\(([^)]*)\\)");

  /** The magic number, the version and the length of the header. */
  private static final int PREFIX = 10;

  /** An array in row order. */
  record Array(long[] shape, float[] values) {

    /** {@return the rows of a matrix} */
    double[][] rows() {
      int width = (int) shape[1];
      double[][] rows = new double[(int) shape[0]][width];
      for (int i = 0; i < values.length; i++) {
        rows[i / width][i % width] = values[i];
      }
      return rows;
    }
  }

  Array array(String name) throws IOException {
    try (ZipFile zip = new ZipFile(path.toFile())) {
      ByteBuffer bytes =
          ByteBuffer.wrap(zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      int start = PREFIX + bytes.getShort(PREFIX - Short.BYTES);
      String header = new String(bytes.array(), PREFIX, start - PREFIX, StandardCharsets.US_ASCII);
      Matcher shape = SHAPE.matcher(header);
      if (!shape.find() || !header.contains("<f4")) {
        throw new IOException("Expected float32 in " + path + "; found " + header);
      }
      float[] values = new float[(bytes.capacity() - start) / Float.BYTES];
      bytes.position(start).asFloatBuffer().get(values);
      return new Array(
          Arrays.stream(shape.group(1).split(",\\s*")).mapToLong(Long::parseLong).toArray(),
          values);
    }
  }
}
