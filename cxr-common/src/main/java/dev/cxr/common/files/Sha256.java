package dev.cxr.common.files;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.codec.digest.DigestUtils;

/** SHA-256 checksums. */
public final class Sha256 {

  private Sha256() {}

  /** {@return a new digest} */
  public static MessageDigest newDigest() {
    return DigestUtils.getSha256Digest();
  }

  /**
   * {@return the digest of a text in UTF-8, as 64 hex digits}
   *
   * @param text the text
   */
  public static String hex(String text) {
    return DigestUtils.sha256Hex(text);
  }

  /**
   * {@return the digest of a file, as 64 hex digits}
   *
   * @param file the file
   * @throws IOException if it cannot be read
   */
  public static String hex(Path file) throws IOException {
    return new DigestUtils(newDigest()).digestAsHex(file);
  }
}
