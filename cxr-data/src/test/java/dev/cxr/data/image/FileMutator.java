package dev.cxr.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Damages files, by accident and on purpose. */
final class FileMutator {

  private static final int[] CLAIMED_SIZES = {
    0, 1, 15, 16, 255, 6_000, 6_300, 16_384, 32_767, 65_535, 100_000, 1 << 30, -1, Integer.MIN_VALUE
  };
  private static final String[] MAGICS = {
    "\u00FF\u00D8\u00FF", "\u0089PNG\r\n\u001A\n", "II*\0", "MM\0*", "II+\0", "GIF89a", ""
  };
  private static final int DICOM_HEADER = 132;
  private static final byte[] PIXEL_DATA = {(byte) 0xE0, 0x7F, 0x10, 0};

  private final Random random;

  FileMutator(long seed) {
    random = new Random(seed);
  }

  /**
   * A broken copy of a file.
   *
   * @param donor another file, to take pieces from
   */
  byte[] mutate(byte[] file, byte[] donor) {
    byte[] mutant =
        switch (random.nextInt(6)) {
          case 0 -> flip(file.clone(), 0, file.length);
          case 1 -> Arrays.copyOf(file, random.nextInt(file.length));
          case 2 -> withMagic(file.clone());
          case 3 -> splice(file, donor);
          case 4 -> flip(file.clone(), 0, Math.min(file.length, 700)); // its header
          default -> claimWrongSize(file.clone());
        };
    // With correct checksums, damage passes the first check.
    return isPng(mutant) && random.nextInt(4) > 0 ? withChecksums(mutant) : mutant;
  }

  private byte[] flip(byte[] file, int from, int to) {
    for (int flips = 1 + random.nextInt(16); flips > 0; flips--) {
      file[from + random.nextInt(to - from)] ^= (byte) (1 << random.nextInt(8));
    }
    return file;
  }

  private byte[] withMagic(byte[] file) {
    String magic = MAGICS[random.nextInt(MAGICS.length)];
    if (magic.isEmpty()) { // DICOM's, elsewhere than at the beginning
      magic = "DICM";
      put(file, 128, magic);
    } else {
      put(file, 0, magic);
    }
    return file;
  }

  private static void put(byte[] file, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (at + bytes.length <= file.length) {
      System.arraycopy(bytes, 0, file, at, bytes.length);
    }
  }

  /** Inserts, repeats, moves or removes a piece. */
  private byte[] splice(byte[] file, byte[] donor) {
    byte[] source = random.nextBoolean() ? donor : file;
    int from = random.nextInt(source.length);
    int size = random.nextInt(Math.min(source.length - from, 1 << random.nextInt(16)) + 1);
    int at = random.nextInt(file.length);
    int over = random.nextBoolean() ? 0 : Math.min(size, file.length - at);
    return ByteBuffer.allocate(file.length - over + size)
        .put(file, 0, at)
        .put(source, from, size)
        .put(file, at + over, file.length - at - over)
        .array();
  }

  /** Writes wrong sizes into the size fields of the format. */
  private byte[] claimWrongSize(byte[] file) {
    for (int bombs = 1 + random.nextInt(3); bombs > 0; bombs--) {
      if (isPng(file)) {
        bigEndian(file).putInt(random.nextBoolean() ? 16 : 20, randomSize());
        if (random.nextInt(8) == 0) {
          file[24 + random.nextInt(5)] = (byte) random.nextInt(20);
        }
      } else if (DicomMetadata.isDicom(file)) {
        claimWrongDicomLength(file);
      } else if (file[0] == (byte) 0xFF) {
        claimWrongJpegSize(file);
      } else {
        claimWrongTiffValue(file);
      }
    }
    return file;
  }

  private void claimWrongJpegSize(byte[] file) {
    for (int i = 2; i + 10 < file.length; i++) {
      if (file[i] == (byte) 0xFF && (file[i + 1] & 0xF0) == 0xC0 && file[i + 1] != (byte) 0xC4) {
        bigEndian(file).putShort(i + (random.nextBoolean() ? 5 : 7), (short) randomSize());
        return;
      }
    }
  }

  private void claimWrongTiffValue(byte[] file) {
    var in =
        ByteBuffer.wrap(file)
            .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = in.getInt(4);
    if (directory < 0 || directory > file.length - 14) {
      return;
    }
    int entries = Math.min(in.getShort(directory) & 0xFFFF, (file.length - directory - 2) / 12);
    if (entries == 0) {
      return;
    }
    int entry = directory + 2 + 12 * random.nextInt(entries);
    if (random.nextInt(3) == 0) { // of how many values
      in.putInt(entry + 4, randomSize());
    } else if (in.getShort(entry + 2) == 3) {
      in.putShort(entry + 8, (short) randomSize());
    } else {
      in.putInt(entry + 8, randomSize());
    }
  }

  private void claimWrongDicomLength(byte[] file) {
    int pixels = find(file, PIXEL_DATA);
    var in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int codedHeader = random.nextBoolean() ? 16 : 256; // of compressed pixels
    int at = DICOM_HEADER + random.nextInt(Math.max(1, pixels + codedHeader - DICOM_HEADER));
    if (at + 4 > file.length) {
      return;
    }
    if (random.nextBoolean()) {
      in.putInt(at, randomSize());
    } else {
      in.putShort(at, (short) randomSize());
    }
  }

  private static int find(byte[] file, byte[] what) {
    for (int i = 0; i + what.length <= file.length; i++) {
      if (Arrays.equals(file, i, i + what.length, what, 0, what.length)) {
        return i;
      }
    }
    return file.length;
  }

  private int randomSize() {
    return random.nextInt(4) == 0
        ? random.nextInt()
        : CLAIMED_SIZES[random.nextInt(CLAIMED_SIZES.length)];
  }

  private static boolean isPng(byte[] file) {
    return file.length > 30 && file[0] == (byte) 0x89 && file[1] == 'P';
  }

  private static byte[] withChecksums(byte[] file) {
    ByteBuffer in = bigEndian(file);
    long at = 8;
    while (at + 12 <= file.length) {
      long end = at + 12 + Integer.toUnsignedLong(in.getInt((int) at));
      if (end > file.length) {
        break;
      }
      var checksum = new CRC32();
      checksum.update(file, (int) at + 4, (int) (end - at) - 8);
      in.putInt((int) end - 4, (int) checksum.getValue());
      at = end;
    }
    return file;
  }

  private static ByteBuffer bigEndian(byte[] file) {
    return ByteBuffer.wrap(file);
  }
}
