package dev.cxr.data.download.collection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a NumPy file says of its bytes, as far as unsigned bytes in row-major order go.
 *
 * <p>The form is that of numpy.lib.format, versions 1 to 3: the magic string, the version, the
 * length of the header, and the header as the text of a Python dictionary.
 *
 * @param shape lengths from the outermost dimension inwards
 */
record NpyHeader(List<Integer> shape) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_BYTES = 4096;
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");

  NpyHeader {
    shape = List.copyOf(shape);
  }

  /** Reads up to the first byte of the array; nothing if it is no such array. */
  static Optional<NpyHeader> read(InputStream in) throws IOException {
    byte[] start = in.readNBytes(8);
    if (start.length < 8 || !java.util.Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      return Optional.empty();
    }
    byte[] stated = in.readNBytes(start[6] == 1 ? 2 : 4);
    long length = 0;
    for (int i = stated.length - 1; i >= 0; i--) {
      length = length << 8 | (stated[i] & 0xFF);
    }
    if (length > MOST_BYTES) {
      return Optional.empty();
    }
    String text = new String(in.readNBytes((int) length), StandardCharsets.US_ASCII);
    Matcher shape = SHAPE.matcher(text);
    boolean readable =
        text.matches("(?s).*'descr':\\s*'\\|u1'.*")
            && text.matches("(?s).*'fortran_order':\\s*False.*")
            && shape.find();
    return readable ? lengths(shape.group(1)).map(NpyHeader::new) : Optional.empty();
  }

  private static Optional<List<Integer>> lengths(String text) {
    List<Integer> lengths = new ArrayList<>();
    Matcher number = Pattern.compile("\\d+").matcher(text);
    while (number.find()) {
      if (number.group().length() > 9) {
        return Optional.empty();
      }
      lengths.add(Integer.parseInt(number.group()));
    }
    return Optional.of(lengths);
  }
}
