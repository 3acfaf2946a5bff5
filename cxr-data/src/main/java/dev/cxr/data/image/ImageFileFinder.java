package dev.cxr.data.image;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The image files that were named, one by one or by their folder. */
public final class ImageFileFinder {

  /** As many of {@code explain} as one page can well show. */
  public static final int MAX_EXPLAINED_IMAGES = 500;

  private static final int MAX_DEPTH = 16;
  private static final Pattern IMAGE_FILE_NAME =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png|tiff|tif|dcm)", Pattern.CASE_INSENSITIVE);

  private final int maxFiles;
  private final String option;

  private ImageFileFinder(int most, String option) {
    this.maxFiles = most;
    this.option = option;
  }

  /**
   * Every file as it was named; of a folder those below it that are named like images or are DICOM
   * files, in the order of their names.
   *
   * @param maxFiles how many there may be
   * @param option that names them
   * @throws UserErrorException if something is not there, a folder holds none, or there are too
   *     many
   */
  public static List<Path> find(List<Path> paths, int maxFiles, String option) throws IOException {
    ImageFileFinder finder = new ImageFileFinder(maxFiles, option);
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        files.addAll(finder.findBelow(path));
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw finder.error("nothing at " + path, "Give files or folders that are there.");
      }
    }
    if (files.size() > maxFiles) {
      throw finder.error("%d of them".formatted(files.size()), "Give fewer at a time.");
    }
    return files;
  }

  private List<Path> findBelow(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder.toRealPath(), MAX_DEPTH)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (IMAGE_FILE_NAME.matcher(file.getFileName().toString()).matches()
            || Dicom.isDicom(file)) {
          files.add(file);
        }
      }
    }
    if (files.isEmpty()) {
      throw error("none in " + folder, "Give the folder that holds them.");
    }
    return files;
  }

  private UserErrorException error(String found, String remedy) {
    return UserErrorException.of(
        "at most %d JPEG, PNG, TIFF or DICOM files with %s".formatted(maxFiles, option),
        found,
        remedy);
  }
}
