package dev.cxr.common.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.io.file.PathUtils;

/** A folder with all its files, and the folders above it. */
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

  /**
   * {@return the folders above a path that do not exist yet, the innermost first}
   *
   * @param path the path
   */
  public static List<Path> missingParents(Path path) {
    return Stream.iterate(
            path.toAbsolutePath().normalize().getParent(),
            parent -> parent != null && Files.notExists(parent),
            Path::getParent)
        .toList();
  }

  /**
   * Deletes folders up to the first that is not empty.
   *
   * @param folders each in the next one
   * @throws UncheckedIOException if a folder cannot be deleted
   */
  public static void deleteEmpty(List<Path> folders) {
    try {
      for (Path folder : folders) {
        Files.deleteIfExists(folder);
      }
    } catch (DirectoryNotEmptyException e) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
