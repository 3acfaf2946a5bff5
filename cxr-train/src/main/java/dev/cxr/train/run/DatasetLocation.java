package dev.cxr.train.run;

import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.LabelPolicy;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the images of a run are, as kept in its folder.
 *
 * @param data an absolute path, or {@link DatasetIndex#SYNTHETIC}
 * @param format null if the path determines it
 * @param ignored names of folders whose images are left out; null for none
 * @param labelPolicy the class of images with several labels; null if there are none
 */
public record DatasetLocation(
    String data,
    @Nullable DatasetFormat format,
    @Nullable List<String> ignored,
    @Nullable LabelPolicy labelPolicy) {

  /**
   * Makes a relative path absolute.
   *
   * @param data a path, or {@code synthetic}
   * @param format how to read it; null if the path determines it
   * @param ignored names of folders whose images are left out
   * @param labelPolicy the class of images with several labels; null if there are none
   * @return the location
   */
  public static DatasetLocation of(
      String data,
      @Nullable DatasetFormat format,
      List<String> ignored,
      @Nullable LabelPolicy labelPolicy) {
    return new DatasetLocation(
        data.equals(DatasetIndex.SYNTHETIC) ? data : Path.of(data).toAbsolutePath().toString(),
        format,
        ignored.isEmpty() ? null : List.copyOf(ignored),
        labelPolicy);
  }

  /** {@return the name of the dataset: of its folder or file, or {@code synthetic}} */
  public String name() {
    return String.valueOf(Path.of(data).getFileName());
  }

  /**
   * Opens the dataset with the classes and the validation split of a recipe.
   *
   * @param recipe the recipe
   * @return the index of its images
   * @throws IOException if a file cannot be read or written
   */
  public DatasetIndex openDataset(Recipe recipe) throws IOException {
    return DatasetReader.read(
        data,
        Optional.ofNullable(format),
        recipe
            .datasetOptions()
            .withSelection(
                ignored == null ? List.of() : ignored, Optional.ofNullable(labelPolicy)));
  }

  /**
   * The command that evaluates a bundle on this dataset.
   *
   * @param bundle the bundle
   * @param hasTestSplit whether it has a test split; otherwise validation is evaluated
   * @return a line for a shell
   */
  public String evaluateCommand(Path bundle, boolean hasTestSplit) {
    SuggestedCommand command =
        SuggestedCommand.of("cxr-eval", "evaluate").option("--bundle", bundle);
    if (!data.equals(DatasetIndex.SYNTHETIC)) {
      command = command.option("--data", relativePath());
    }
    if (format != null) {
      command = command.option("--format", format);
    }
    if (ignored != null) {
      for (String name : ignored) {
        command = command.option("--ignore", name);
      }
    }
    if (labelPolicy != null) {
      command = command.option("--label-policy", labelPolicy);
    }
    return (hasTestSplit ? command : command.option("--split", "validation")).line();
  }

  /** Relative if the dataset is inside the working folder. */
  private Path relativePath() {
    Path workingFolder = Path.of("").toAbsolutePath();
    Path path = Path.of(data);
    return path.startsWith(workingFolder) ? workingFolder.relativize(path) : path;
  }
}
