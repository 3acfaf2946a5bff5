package dev.cxr.data.index;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a dataset of any {@link DatasetFormat}.
 *
 * @since 0.1
 */
public final class DatasetReader {

  private DatasetReader() {}

  /**
   * Reads a dataset whose format follows from its path.
   *
   * @param data {@value DatasetIndex#SYNTHETIC}, a folder, an {@code .npz} archive or a {@code
   *     .csv} manifest
   * @param rule selects the validation images
   * @return its images, without their pixels
   * @throws UserErrorException if there is no dataset at {@code data}
   * @throws IOException if it cannot be read
   */
  public static DatasetIndex read(String data, ValidationSplitRule rule) throws IOException {
    return read(data, Optional.empty(), DatasetOptions.of(rule));
  }

  /**
   * Reads a dataset.
   *
   * @param data as for {@link #read(String, ValidationSplitRule)}
   * @param givenFormat how it is stored; empty if that follows from its path
   * @param options validation images and classes
   * @return its images, without their pixels
   * @throws UserErrorException if there is no dataset of this format at {@code data}
   * @throws IOException if it cannot be read
   */
  public static DatasetIndex read(
      String data, Optional<DatasetFormat> givenFormat, DatasetOptions options) throws IOException {
    Path path = Path.of(data);
    if (givenFormat.isEmpty() && Files.isDirectory(path)) {
      return FolderReader.read(path, options);
    }
    DatasetFormat format = givenFormat.orElseGet(() -> DatasetFormat.detect(data));
    if (format != DatasetFormat.SYNTHETIC && !Files.exists(path)) {
      throw UserErrorException.of(
          "a dataset of X-rays",
          "nothing at " + path,
          "Give a folder, an .npz archive or a .csv manifest, or omit --data for the built-in"
              + " sample.");
    }
    if (format.isSingleFile() && !Files.isRegularFile(path)) {
      throw UsageErrorException.of(
          "a file with --format " + format, "the folder " + path, "Give a file, or omit --format.");
    }
    return format.read(path, options);
  }
}
