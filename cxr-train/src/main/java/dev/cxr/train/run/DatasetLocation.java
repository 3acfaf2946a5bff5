package dev.cxr.train.run;

import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the images of a run are, as kept in its folder.
 *
 * @param data an absolute path, or {@link DatasetIndex#SYNTHETIC}
 * @param format null if the path determines it
 */
public record DatasetLocation(String data, @Nullable DatasetFormat format) {

  /**
   * Makes a relative path absolute.
   *
   * @param data a path, or {@code synthetic}
   * @param format how to read it; null if the path determines it
   * @return the location
   */
  public static DatasetLocation of(String data, @Nullable DatasetFormat format) {
    return new DatasetLocation(
        data.equals(DatasetIndex.SYNTHETIC) ? data : Path.of(data).toAbsolutePath().toString(),
        format);
  }

  /** {@return the name of the dataset: of its folder or file, or {@code synthetic}} */
  public String name() {
    return String.valueOf(Path.of(data).getFileName());
  }

  /**
   * Opens the dataset with a validation split.
   *
   * @param rule the validation split
   * @return the index of its images
   * @throws IOException if a file cannot be read or written
   */
  public DatasetIndex openDataset(ValidationSplitRule rule) throws IOException {
    return format == null ? DatasetReader.read(data, rule) : DatasetReader.read(data, format, rule);
  }

  /**
   * The command that evaluates a bundle on the test split of this dataset.
   *
   * @param bundle the bundle
   * @return a line for a shell
   */
  public String evaluateCommand(Path bundle) {
    return SuggestedCommand.of(
        "cxr-eval",
        "evaluate --bundle %s%s%s"
            .formatted(
                bundle,
                data.equals(DatasetIndex.SYNTHETIC) ? "" : " --data " + relativePath(),
                format == null ? "" : " --format " + format));
  }

  /** Relative if the dataset is inside the working folder. */
  private Path relativePath() {
    Path workingFolder = Path.of("").toAbsolutePath();
    Path path = Path.of(data);
    return path.startsWith(workingFolder) ? workingFolder.relativize(path) : path;
  }
}
