package dev.cxr.data.files;

import java.nio.file.Path;

/** Where cxr keeps what it can make again: {@code $CXR_CACHE_DIR}, else {@code ~/.cache/cxr}. */
public final class CacheFolder {

  private CacheFolder() {}

  /** The folder of one kind of cached thing; it may not exist yet. */
  public static Path of(String kind) {
    String chosen = System.getenv("CXR_CACHE_DIR");
    Path root =
        chosen == null || chosen.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "cxr")
            : Path.of(chosen);
    return root.resolve(kind);
  }
}
