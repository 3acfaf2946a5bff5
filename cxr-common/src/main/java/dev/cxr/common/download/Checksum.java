package dev.cxr.common.download;

import dev.cxr.common.cli.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The published checksum of a file.
 *
 * <p>Both algorithms detect damage. Only SHA-256 detects a forged file: MD5 collisions can be made.
 *
 * @param algorithm MD5 or SHA-256
 * @param hex the lower-case hexadecimal digits, 32 for MD5 and 64 for SHA-256
 * @since 0.1
 */
public record Checksum(String algorithm, String hex) {

  /**
   * Checks the digits.
   *
   * @param algorithm the algorithm
   * @param hex the digits
   * @throws IllegalArgumentException if they are not the right number of lower-case hexadecimal
   *     digits
   */
  public Checksum {
    int digits = algorithm.equals("MD5") ? 32 : 64;
    if (!hex.matches("[0-9a-f]{" + digits + "}")) {
      throw new IllegalArgumentException(
          "%s has %d digits 0-9 and a-f, not '%s': copy all of them."
              .formatted(algorithm, digits, hex));
    }
  }

  /**
   * {@return an MD5 checksum}
   *
   * @param hex 32 digits
   */
  public static Checksum md5(String hex) {
    return new Checksum("MD5", hex);
  }

  /**
   * {@return a SHA-256 checksum}
   *
   * @param hex 64 digits
   */
  public static Checksum sha256(String hex) {
    return new Checksum("SHA-256", hex);
  }

  /** The checksum of a file, by the same algorithm. */
  Checksum computeFor(Path file) throws IOException {
    MessageDigest digest = DigestUtils.getDigest(algorithm);
    String task = "Checking " + file.getFileName();
    try (InputStream in = Files.newInputStream(file);
        Progress progress = Progress.startBytes(task, Files.size(file), 0)) {
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        progress.step(n, "");
      }
    }
    return new Checksum(algorithm, Hex.encodeHexString(digest.digest()));
  }

  @Override
  public String toString() {
    return algorithm + " " + hex;
  }
}
