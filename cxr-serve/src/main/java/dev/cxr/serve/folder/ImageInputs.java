package dev.cxr.serve.folder;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pictures that were named, and those in the folders that were named.
 *
 * @param files in order
 * @param skipped how many files of the folders are no pictures by their name
 */
public record ImageInputs(List<InputImage> files, int skipped) {

  private static final Pattern IMAGE_FILE_NAME =
      Pattern.compile("[^.].*\\.(jpe?g|png|tiff?|dcm|dicom)|[^.]+"); // DICOM often has no ending

  /**
   * A picture to predict.
   *
   * @param path where it lies
   * @param name what the CSV file calls it, as no other: within its folder, or as it was typed
   */
  public record InputImage(Path path, String name) {}

  /**
   * Finds them.
   *
   * @throws UserErrorException if there is none, or one that was named does not exist
   * @throws IOException if a folder cannot be read
   */
  public static ImageInputs find(List<Path> inputs) throws IOException {
    List<InputImage> found = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int skipped = 0;
    for (Path input : inputs) {
      if (!Files.exists(input)) {
        throw UserErrorException.ofUsage(
            "a picture or a folder of pictures for --input",
            "nothing at " + input,
            "Check the path.");
      }
      if (Files.isRegularFile(input)) {
        found.add(new InputImage(input, uniqueName(input.toString(), names)));
        continue;
      }
      for (Path file : filesIn(input)) {
        if (isImageName(file)) {
          String name = input.relativize(file).toString().replace('\\', '/');
          found.add(new InputImage(file, uniqueName(name, names)));
        } else {
          skipped++;
        }
      }
    }
    if (found.isEmpty()) {
      throw UserErrorException.of(
          "pictures (JPEG, PNG, TIFF, DICOM) for --input",
          "none in " + inputs,
          "Give files, or a folder that holds some.");
    }
    return new ImageInputs(List.copyOf(found), skipped);
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static boolean isImageName(Path file) {
    return IMAGE_FILE_NAME
        .matcher(file.getFileName().toString().toLowerCase(Locale.ROOT))
        .matches();
  }

  /** Two folders may hold the same name. */
  private static String uniqueName(String name, Set<String> taken) {
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = "%s (%d)".formatted(name, i);
    }
    return unique;
  }
}
