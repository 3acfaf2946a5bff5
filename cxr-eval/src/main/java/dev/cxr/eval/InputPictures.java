package dev.cxr.eval;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.Dicom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The picture files that were named, one by one or by their folder. */
final class InputPictures {

  /** As many of {@code explain} as one page can well show. */
  static final int MOST = 500;

  private static final int DEEPEST = 16;
  private static final Pattern NAMED =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png|tiff|tif|dcm)", Pattern.CASE_INSENSITIVE);

  private final int most;
  private final String option;

  private InputPictures(int most, String option) {
    this.most = most;
    this.option = option;
  }

  /**
   * Every file as it was named; of a folder those below it that are named like pictures or are
   * DICOM files, in the order of their names.
   *
   * @param most how many there may be
   * @param option that names them
   * @throws UserErrorException if something is not there, a folder holds none, or there are too
   *     many
   */
  static List<Path> in(List<Path> named, int most, String option) throws IOException {
    InputPictures input = new InputPictures(most, option);
    List<Path> pictures = new ArrayList<>();
    for (Path path : named) {
      if (Files.isDirectory(path)) {
        pictures.addAll(input.below(path));
      } else if (Files.exists(path)) {
        pictures.add(path);
      } else {
        throw input.refusal("nothing at " + path, "Give files or folders that are there.");
      }
    }
    if (pictures.size() > most) {
      throw input.refusal("%d of them".formatted(pictures.size()), "Give fewer at a time.");
    }
    return pictures;
  }

  private List<Path> below(Path folder) throws IOException {
    List<Path> pictures = new ArrayList<>();
    try (Stream<Path> walk = Files.walk(folder.toRealPath(), DEEPEST)) {
      for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (NAMED.matcher(file.getFileName().toString()).matches() || Dicom.isDicom(file)) {
          pictures.add(file);
        }
      }
    }
    if (pictures.isEmpty()) {
      throw refusal("none in " + folder, "Give the folder that holds them.");
    }
    return pictures;
  }

  private UserErrorException refusal(String found, String remedy) {
    return UserErrorException.of(
        "at most %d JPEG, PNG, TIFF or DICOM files with %s".formatted(most, option), found, remedy);
  }
}
