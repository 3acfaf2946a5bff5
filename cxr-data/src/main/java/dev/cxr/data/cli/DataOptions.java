package dev.cxr.data.cli;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.ValidationSplitRule;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select a dataset. */
public final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The dataset: a folder train|val|test / NORMAL|PNEUMONIA of images or DICOM files,"
              + " MedMNIST's .npz, a .csv manifest path,finding[,patient][,split], or 'synthetic' for"
              + " the built-in sample (the default).")
  private @Nullable String data;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: derived from the path).")
  private @Nullable DatasetFormat format;

  /** {@return whether a dataset was named} */
  public boolean isGiven() {
    return data != null;
  }

  /** As it was typed; the built-in sample where nothing was. */
  public String data() {
    return data == null ? DatasetIndex.SYNTHETIC : data;
  }

  /** The format that was named, if one was. */
  public Optional<DatasetFormat> format() {
    return Optional.ofNullable(format);
  }

  /**
   * Opens the dataset.
   *
   * @param rule which patient groups of the training images validate
   * @throws dev.cxr.common.cli.UserErrorException if there is no such dataset
   * @throws IOException if it cannot be read
   */
  public DatasetIndex open(ValidationSplitRule rule) throws IOException {
    if (format == DatasetFormat.SYNTHETIC && !data().equals(DatasetIndex.SYNTHETIC)) {
      throw UserErrorException.ofUsage(
          "no --data with --format synthetic",
          "--data " + data(),
          "Leave one of them away: the built-in sample is read from nowhere.");
    }
    return format == null
        ? DatasetReader.read(data(), rule)
        : DatasetReader.read(data(), format, rule);
  }
}
