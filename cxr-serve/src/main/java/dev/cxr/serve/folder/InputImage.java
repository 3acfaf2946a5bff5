package dev.cxr.serve.folder;

import dev.cxr.data.image.ImageFileFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An image file to predict.
 *
 * @param path the file
 * @param name unique name in the CSV file: the path in the folder that was given, or the path of a
 *     file that was given
 */
public record InputImage(Path path, String name) {

  /**
   * Finds image files.
   *
   * @param inputs files, and folders that are searched recursively
   * @return the files, in the order of the inputs and of their names
   * @throws dev.cxr.common.cli.UserErrorException if an input does not exist or a folder has no
   *     image
   * @throws IOException if a folder cannot be read
   */
  public static List<InputImage> find(List<Path> inputs) throws IOException {
    List<InputImage> images = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Path input : inputs) {
      for (Path file : ImageFileFinder.find(List.of(input), Integer.MAX_VALUE, "--input")) {
        Path name = Files.isDirectory(input) ? input.toRealPath().relativize(file) : file;
        images.add(new InputImage(file, uniqueName(name.toString().replace('\\', '/'), names)));
      }
    }
    return images;
  }

  /** Two folders may contain files of the same name. */
  private static String uniqueName(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = "%s (%d)".formatted(name, i);
    }
    return unique;
  }
}
