package dev.cxr.common.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder of files that cxr can recreate: the option {@code --cache-dir}, else {@code
 * $CXR_CACHE_DIR}, else {@code ~/.cache/cxr}; for a user without a home folder, a private folder in
 * the temporary directory.
 */
public final class CacheFolder {

  /** The system property with the value of {@code --cache-dir}. */
  public static final String PROPERTY = "cxr.cache.dir";

  private static final String ALTERNATIVE =
      "Choose another one with --cache-dir or the variable CXR_CACHE_DIR.";

  private CacheFolder() {}

  /**
   * Creates the folder of one kind of cached file, which only this user can read, since it may
   * contain pixels of patients.
   *
   * @param kind the name of the folder
   * @return the folder
   * @throws dev.cxr.common.cli.UserErrorException if other users can write it
   * @throws IOException if it cannot be created
   */
  public static Path create(String kind) throws IOException {
    return PrivateFolder.create(resolve(kind), ALTERNATIVE);
  }

  /**
   * {@return the folder of one kind of cached file, which may not exist yet}
   *
   * @param kind the name of the folder
   */
  public static Path resolve(String kind) {
    return (isConfigured() ? Path.of(configured()) : defaultRoot()).resolve(kind);
  }

  /** {@return whether an option or a variable names the folder} */
  public static boolean isConfigured() {
    return !configured().isBlank();
  }

  private static String configured() {
    String option = System.getProperty(PROPERTY);
    String variable = System.getenv("CXR_CACHE_DIR");
    return option != null ? option : variable != null ? variable : "";
  }

  private static Path defaultRoot() {
    return hasHome()
        ? Path.of(System.getProperty("user.home"), ".cache", "cxr")
        : Path.of(System.getProperty("java.io.tmpdir"), "cxr-" + userId());
  }

  /** {@return whether this user has a home folder} */
  public static boolean hasHome() {
    Path home = Path.of(System.getProperty("user.home")); // "?" for a user without an account
    return home.isAbsolute() && Files.isDirectory(home) && Files.isWritable(home);
  }

  private static int userId() {
    try {
      return PrivateFolder.userId();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
