package dev.cxr.common.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.file.PathUtils;

/** A folder with all its files. */
public final class FileTree {

  private FileTree() {}

  /**
   * Deletes a file, or a folder with its content.
   *
   * @param root the file or folder, which need not exist
   * @throws UncheckedIOException if a file cannot be deleted
   */
  public static void delete(Path root) {
    try {
      if (Files.exists(root)) {
        PathUtils.delete(root);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
