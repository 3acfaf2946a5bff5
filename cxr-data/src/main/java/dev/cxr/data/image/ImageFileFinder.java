package dev.cxr.data.image;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds image files that are given one by one or by folder. */
public final class ImageFileFinder {

  private static final int MAX_DEPTH = 16;
  private static final Pattern IMAGE_FILE_NAME =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png|tiff|tif|dcm)", Pattern.CASE_INSENSITIVE);

  private final int maxFiles;
  private final String option;

  private ImageFileFinder(int maxFiles, String option) {
    this.maxFiles = maxFiles;
    this.option = option;
  }

  /**
   * Finds image files.
   *
   * @param paths files, which are returned unchecked, or folders, of which all files with the
   *     extension of an image and all DICOM files are returned, sorted by path
   * @param maxFiles maximum number of files
   * @param option the command-line option that lists the paths, for messages
   * @return the files
   * @throws UserErrorException if a path does not exist, a folder contains no image file, or there
   *     are too many files
   * @throws IOException if a folder cannot be read
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
        throw finder.error("nothing at " + path, "Give existing files or folders.");
      }
    }
    if (files.size() > maxFiles) {
      throw finder.error("%d files".formatted(files.size()), "Give fewer files.");
    }
    return files;
  }

  private List<Path> findBelow(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder.toRealPath(), MAX_DEPTH)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (IMAGE_FILE_NAME.matcher(file.getFileName().toString()).matches()
            || DicomMetadata.isDicom(file)) {
          files.add(file);
        }
      }
    }
    if (files.isEmpty()) {
      throw error("none in " + folder, "Give the folder that contains the images.");
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
