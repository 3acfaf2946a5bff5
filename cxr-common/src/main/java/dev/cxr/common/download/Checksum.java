package dev.cxr.common.download;

import dev.cxr.common.cli.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the bytes of a file add up to, as its publisher states it.
 *
 * <p>Both kinds tell a damaged file. Only SHA-256 also tells a forged one: two files with one MD5
 * sum can be made.
 *
 * @param algorithm how it is reckoned
 * @param hex lower-case hexadecimal digits, as many as the kind has
 */
public record Checksum(HashAlgorithm algorithm, String hex) {

  /** How a checksum is reckoned. */
  public enum HashAlgorithm {
    /** 32 digits. */
    MD5("MD5", 32),
    /** 64 digits. */
    SHA_256("SHA-256", 64);

    private final String javaName;
    private final int digits;

    HashAlgorithm(String javaName, int digits) {
      this.javaName = javaName;
      this.digits = digits;
    }
  }

  /**
   * Checks the digits.
   *
   * @throws IllegalArgumentException if they are not as many lower-case ones as the kind has
   */
  public Checksum {
    if (!hex.matches("[0-9a-f]{" + algorithm.digits + "}")) {
      throw new IllegalArgumentException(
          "%s has %d digits 0-9 and a-f, not '%s': copy it whole."
              .formatted(algorithm.javaName, algorithm.digits, hex));
    }
  }

  /** An MD5 sum of 32 digits. */
  public static Checksum md5(String hex) {
    return new Checksum(HashAlgorithm.MD5, hex);
  }

  /** A SHA-256 sum of 64 digits. */
  public static Checksum sha256(String hex) {
    return new Checksum(HashAlgorithm.SHA_256, hex);
  }

  /** The checksum of this kind that a file has. */
  Checksum computeFor(Path file) throws IOException {
    MessageDigest digest = newDigest();
    String task = "Checking " + file.getFileName();
    try (InputStream in = Files.newInputStream(file);
        Progress progress = Progress.startBytes(task, Files.size(file), 0)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        progress.step(n, "");
      }
    }
    return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
  }

  private MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance(algorithm.javaName);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm.javaName, e);
    }
  }

  /** Kind and digits, as people read them. */
  @Override
  public String toString() {
    return algorithm.javaName + " " + hex;
  }
}
