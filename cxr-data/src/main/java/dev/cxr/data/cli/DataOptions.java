package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
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

  /** {@return the value of --data, by default the name of the built-in sample} */
  public String data() {
    return data == null ? DatasetIndex.SYNTHETIC : data;
  }

  /** {@return the value of --format, if given} */
  public Optional<DatasetFormat> format() {
    return Optional.ofNullable(format);
  }

  /**
   * Opens the dataset.
   *
   * @param rule selects the patients for validation
   * @return the dataset
   * @throws dev.cxr.common.cli.UserErrorException if there is no such dataset
   * @throws IOException if it cannot be read
   */
  public DatasetIndex open(ValidationSplitRule rule) throws IOException {
    if (format == DatasetFormat.SYNTHETIC && !data().equals(DatasetIndex.SYNTHETIC)) {
      throw UsageErrorException.of(
          "no --data with --format synthetic",
          "--data " + data(),
          "Omit --data or name another --format: the built-in sample has no path.");
    }
    return format == null
        ? DatasetReader.read(data(), rule)
        : DatasetReader.read(data(), format, rule);
  }
}
