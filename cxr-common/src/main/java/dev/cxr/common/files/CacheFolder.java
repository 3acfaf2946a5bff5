package dev.cxr.common.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The folder of files that cxr can recreate: {@code $CXR_CACHE_DIR}, else {@code ~/.cache/cxr}. */
public final class CacheFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private CacheFolder() {}

  /**
   * Creates the folder of one kind of cached file, readable by this user only: it may contain
   * pixels of patients.
   *
   * @param kind the name of the folder
   * @return the folder
   * @throws IOException if it cannot be created
   */
  public static Path create(String kind) throws IOException {
    Path folder = resolve(kind);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      if (Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null) {
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
      }
    }
    return folder;
  }

  /**
   * {@return the folder of one kind of cached file, which may not exist yet}
   *
   * @param kind the name of the folder
   */
  public static Path resolve(String kind) {
    String configured = System.getenv("CXR_CACHE_DIR");
    Path root =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "cxr")
            : Path.of(configured);
    return root.resolve(kind);
  }
}
