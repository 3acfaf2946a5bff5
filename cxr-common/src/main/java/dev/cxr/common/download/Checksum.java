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
 * The published checksum of a file.
 *
 * <p>Both algorithms detect damage. Only SHA-256 detects a forged file: MD5 collisions can be made.
 *
 * @param algorithm the algorithm
 * @param hex the lower-case hexadecimal digits
 * @since 0.1
 */
public record Checksum(HashAlgorithm algorithm, String hex) {

  /** The algorithm of a checksum. */
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
   * @param algorithm the algorithm
   * @param hex the digits
   * @throws IllegalArgumentException if they are not the right number of lower-case hexadecimal
   *     digits
   */
  public Checksum {
    if (!hex.matches("[0-9a-f]{" + algorithm.digits + "}")) {
      throw new IllegalArgumentException(
          "%s has %d digits 0-9 and a-f, not '%s': copy all of them."
              .formatted(algorithm.javaName, algorithm.digits, hex));
    }
  }

  /**
   * {@return an MD5 checksum}
   *
   * @param hex 32 digits
   */
  public static Checksum md5(String hex) {
    return new Checksum(HashAlgorithm.MD5, hex);
  }

  /**
   * {@return a SHA-256 checksum}
   *
   * @param hex 64 digits
   */
  public static Checksum sha256(String hex) {
    return new Checksum(HashAlgorithm.SHA_256, hex);
  }

  /** The checksum of a file, by the same algorithm. */
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

  @Override
  public String toString() {
    return algorithm.javaName + " " + hex;
  }
}
