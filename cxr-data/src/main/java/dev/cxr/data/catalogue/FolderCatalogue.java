package dev.cxr.data.catalogue;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
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
 * Reads {@code train|val|test / NORMAL|PNEUMONIA} as Kaggle and Mendeley ship it, or the two class
 * folders alone, which are then all for training.
 */
final class FolderCatalogue {

  private static final Pattern IMAGE =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png|tiff|tif)", Pattern.CASE_INSENSITIVE);

  /** What a download leaves beside the splits: at home there. */
  private static final String LICENCE = "LICENCE.txt";

  private final Path root;
  private final Assembly found = new Assembly();

  private FolderCatalogue(Path root) {
    this.root = root;
  }

  /**
   * Reads the folder.
   *
   * @throws UserErrorException if it is not such a folder or holds no picture
   */
  static Catalogue read(Path root, ValidationRule rule) throws IOException {
    return new FolderCatalogue(root).read(rule);
  }

  /** Whether there is a picture in the folder or below that is named like one. */
  static boolean isIn(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, 3)) {
      return walk.anyMatch(path -> IMAGE.matcher(String.valueOf(path.getFileName())).matches());
    }
  }

  private Catalogue read(ValidationRule rule) throws IOException {
    if (!Files.isDirectory(root)) {
      throw refusal(Files.exists(root) ? "the file " + root : "nothing at " + root);
    }
    List<Path> besideSplits = new ArrayList<>();
    for (Path inner : list(root)) {
      Optional<Split> split = Split.ofFolder(name(inner));
      if (split.isPresent() && Files.isDirectory(inner)) {
        for (Path folder : list(inner)) {
          addClass(folder, split.get());
        }
      } else if (!name(inner).equals(LICENCE)) {
        besideSplits.add(inner);
      }
    }
    if (found.isEmpty()) {
      for (Path inner : list(root)) {
        addClass(inner, Split.TRAIN);
      }
      if (!found.isEmpty()) {
        found.note("The collection has no splits: all its pictures are for training.");
      }
    } else {
      besideSplits.forEach(path -> found.ignore(id(path)));
    }
    if (found.isEmpty()) {
      throw refusal("%s with %s".formatted(root, contents()));
    }
    return found.catalogue(root, PatientSource.FILE_NAMES, rule);
  }

  private void addClass(Path folder, Split split) throws IOException {
    switch (name(folder).toUpperCase(Locale.ROOT)) {
      case "NORMAL", "PNEUMONIA" -> addFiles(folder, split);
      default -> found.ignore(id(folder));
    }
  }

  private void addFiles(Path folder, Split split) throws IOException {
    boolean normal = name(folder).equalsIgnoreCase("NORMAL");
    for (Path file : list(folder)) {
      if (!IMAGE.matcher(name(file)).matches() || !Files.isRegularFile(file)) {
        found.ignore(id(file));
        continue;
      }
      Finding finding = normal ? Finding.NORMAL : Finding.pneumoniaOf(name(file));
      found.add(id(file), new ImageFile(file), finding, PatientGroup.ofFileName(name(file)), split);
    }
  }

  private String id(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private String contents() throws IOException {
    List<String> names = list(root).stream().map(FolderCatalogue::name).toList();
    return names.isEmpty()
        ? "nothing in it"
        : Assembly.some(names) + " in it but no picture of a class";
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  private static UserErrorException refusal(String found) {
    return UserErrorException.of(
        "a folder with train/NORMAL, train/PNEUMONIA (and test/…) that hold .jpeg, .jpg, .png or"
            + " .tiff files",
        found,
        "Give the folder that holds train and test, or leave --data away for the built-in sample.");
  }
}
