package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A lookup table of a DICOM header (PS3.3 C.11.1.1 and C.7.6.3.1.5).
 *
 * @param first the value of the first entry
 * @param bits of an entry, 1 to 16
 * @param entries at least one; values beyond either end have the nearest one
 */
// An array, because a list would box thousands of numbers.
@SuppressWarnings("ArrayRecordComponent")
record DicomLut(int first, int bits, char[] entries) {

  /** The table of the first item of a sequence, if it has one. */
  static Optional<DicomLut> ofSequence(DicomHeader header, DicomTag sequence, boolean signed)
      throws InvalidImageException {
    Optional<DicomHeader> item = header.firstItem(sequence);
    return item.isPresent() && item.get().has(DicomTag.LUT_DATA)
        ? Optional.of(of(item.get(), DicomTag.LUT_DESCRIPTOR, DicomTag.LUT_DATA, signed))
        : Optional.empty();
  }

  /**
   * Reads a table.
   *
   * @param signed whether the value of the first entry is signed if the file does not say so
   */
  static DicomLut of(DicomHeader header, DicomTag descriptor, DicomTag data, boolean signed)
      throws InvalidImageException {
    int[] numbers = header.numbers(descriptor, 3);
    String vr = header.element(descriptor).vr();
    boolean signedFirst = vr.equals("SS") || (signed && !vr.equals("US"));
    int count = numbers[0] == 0 ? 1 << 16 : numbers[0];
    int bits = numbers[2];
    ByteBuffer value = header.value(data);
    boolean wide = value.remaining() >= 2 * count;
    if (bits < 1 || bits > 16 || (!wide && (bits > 8 || value.remaining() < count))) {
      throw InvalidImageException.damaged(
          "%s with %d entries of %d bits".formatted(data, count, bits),
          value.remaining() + " bytes");
    }
    var entries = new char[count];
    for (int i = 0; i < count; i++) {
      entries[i] = wide ? (char) value.getShort() : (char) (value.get() & 0xFF);
    }
    return new DicomLut(signedFirst ? (short) numbers[1] : numbers[1], bits, entries);
  }

  int largest() {
    return (1 << bits) - 1;
  }

  /** The entry for a value, at most {@link #largest()}. */
  int at(double value) {
    double index = Math.max(0, Math.min(entries.length - 1, Math.floor(value) - first));
    return Math.min(entries[(int) index], largest());
  }
}
