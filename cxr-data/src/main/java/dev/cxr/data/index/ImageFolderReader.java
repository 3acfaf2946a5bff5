package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code train|val|test / NORMAL|PNEUMONIA} as published by Kaggle and Mendeley, or the two
 * class folders without splits, which are then for training.
 */
final class ImageFolderReader {

  private static final Pattern IMAGE_NAME =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png|tiff|tif)", Pattern.CASE_INSENSITIVE);

  /** Written beside the splits by {@code download}. */
  private static final String LICENCE = "LICENCE.txt";

  private final Path root;
  private final DatasetIndexBuilder builder = new DatasetIndexBuilder();

  private ImageFolderReader(Path root) {
    this.root = root;
  }

  /**
   * Reads the folder.
   *
   * @throws UserErrorException if it is not such a folder or contains no image
   */
  static DatasetIndex read(Path root, DatasetOptions options) throws IOException {
    return new ImageFolderReader(root).read(options);
  }

  /** Whether the folder contains a file with the extension of an image. */
  static boolean hasImages(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, 3)) {
      return walk.anyMatch(
          path -> IMAGE_NAME.matcher(String.valueOf(path.getFileName())).matches());
    }
  }

  private DatasetIndex read(DatasetOptions options) throws IOException {
    if (!Files.isDirectory(root)) {
      throw invalidFolder(Files.exists(root) ? "the file " + root : "nothing at " + root);
    }
    List<Path> besideSplits = new ArrayList<>();
    for (Path inner : list(root)) {
      Optional<Split> split = Split.fromFolderName(name(inner));
      if (split.isPresent() && Files.isDirectory(inner)) {
        for (Path folder : list(inner)) {
          addClassFolder(folder, split.get());
        }
      } else if (!name(inner).equals(LICENCE)) {
        besideSplits.add(inner);
      }
    }
    if (builder.isEmpty()) {
      for (Path inner : list(root)) {
        addClassFolder(inner, Split.TRAIN);
      }
      if (!builder.isEmpty()) {
        builder.addNotice("The dataset has no splits: all its images are for training.");
      }
    } else {
      besideSplits.forEach(path -> builder.ignore(id(path)));
    }
    if (builder.isEmpty()) {
      throw invalidFolder("%s with %s".formatted(root, describeContents()));
    }
    return builder.build(root, PatientIdSource.FILE_NAMES, options);
  }

  private void addClassFolder(Path folder, Split split) throws IOException {
    switch (name(folder).toUpperCase(Locale.ROOT)) {
      case "NORMAL", "PNEUMONIA" -> addFiles(folder, split);
      default -> builder.ignore(id(folder));
    }
  }

  private void addFiles(Path folder, Split split) throws IOException {
    boolean normal = name(folder).equalsIgnoreCase("NORMAL");
    for (Path file : list(folder)) {
      if (!IMAGE_NAME.matcher(name(file)).matches() || !Files.isRegularFile(file)) {
        builder.ignore(id(file));
        continue;
      }
      Finding finding = normal ? Finding.NORMAL : PatientIdParser.pneumonia(name(file));
      builder.add(
          id(file), new FileSource(file), finding, PatientIdParser.parse(name(file)), split);
    }
  }

  private String id(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private String describeContents() throws IOException {
    List<String> names = list(root).stream().map(ImageFolderReader::name).toList();
    return names.isEmpty()
        ? "no entries"
        : DatasetIndexBuilder.firstFew(names) + " but no image of a class";
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  private static UserErrorException invalidFolder(String found) {
    return UserErrorException.of(
        "a folder with train/NORMAL, train/PNEUMONIA (and test/…) of .jpeg, .jpg, .png or .tiff"
            + " files",
        found,
        "Give the folder that contains train and test, or omit --data for the built-in sample.");
  }
}
