package dev.cxr.common.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Where cxr keeps what it can make again: {@code $CXR_CACHE_DIR}, else {@code ~/.cache/cxr}. */
public final class CacheFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private CacheFolder() {}

  /**
   * The folder of one kind of cached thing, made where missing, for this user alone: pixels of
   * patients may be in it.
   *
   * @throws IOException if it cannot be made
   */
  public static Path create(String kind) throws IOException {
    Path folder = resolve(kind);
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
      if (Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)) {
        Files.setPosixFilePermissions(folder, OWNER_ONLY);
      }
    }
    return folder;
  }

  /** The folder of one kind of cached thing; it may not exist yet. */
  public static Path resolve(String kind) {
    String configured = System.getenv("CXR_CACHE_DIR");
    Path root =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "cxr")
            : Path.of(configured);
    return root.resolve(kind);
  }
}
