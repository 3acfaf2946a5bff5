package dev.cxr.data.cli;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.data.index.ClassNames;
import dev.cxr.data.index.DatasetFormat;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetOptions;
import dev.cxr.data.index.DatasetReader;
import dev.cxr.data.index.LabelPolicy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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

  @Option(
      names = "--classes",
      paramLabel = "NAMES",
      description =
          "Classes of your own, the negative one first: normal,tuberculosis,pneumonia; or names in"
              + " the dataset with their class: healthy=NORMAL,sick=PNEUMONIA (default: NORMAL,"
              + " PNEUMONIA, BACTERIAL_PNEUMONIA, VIRAL_PNEUMONIA, or the classes of the bundle).")
  private @Nullable String classes;

  @Option(
      names = "--ignore",
      paramLabel = "FOLDER",
      description =
          "Leave out the images in folders of this name, or of this finding in a .csv manifest; may"
              + " be repeated.")
  private List<String> ignored = new ArrayList<>();

  @Option(
      names = "--label-policy",
      paramLabel = "POLICY",
      description =
          "For a table with several labels per image (NIH ChestX-ray14, CheXpert, RSNA), which class"
              + " an image has. One of ${COMPLETION-CANDIDATES}; any: that of its label, whatever"
              + " other labels it has; single: only images with one label.")
  private @Nullable LabelPolicy labelPolicy;

  @Option(
      names = "--window",
      paramLabel = "NUMBER",
      description =
          "Which of several windows of a DICOM file to apply, from 1; the last if it has fewer"
              + " (default: 1, or that of the bundle).")
  private @Nullable Integer window;

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

  /** {@return the value of --classes, if given} */
  public Optional<String> classes() {
    return Optional.ofNullable(classes);
  }

  /** {@return the value of --label-policy, if given} */
  public Optional<LabelPolicy> labelPolicy() {
    return Optional.ofNullable(labelPolicy);
  }

  /**
   * {@return the value of --window, if given}
   *
   * @throws dev.cxr.common.cli.UserErrorException if it is below 1
   */
  public Optional<Integer> window() {
    if (window != null && window < 1) {
      throw UsageErrorException.of(
          "--window from 1", String.valueOf(window), "Give the number of a window.");
    }
    return Optional.ofNullable(window);
  }

  /** {@return the values of --ignore} */
  public List<String> ignored() {
    return List.copyOf(ignored);
  }

  /**
   * Opens the dataset.
   *
   * @param defaults the validation rule, and the classes unless --classes is given
   * @return the dataset
   * @throws dev.cxr.common.cli.UserErrorException if there is no such dataset
   * @throws IOException if it cannot be read
   */
  public DatasetIndex open(DatasetOptions defaults) throws IOException {
    if (format == DatasetFormat.SYNTHETIC && !data().equals(DatasetIndex.SYNTHETIC)) {
      throw UsageErrorException.of(
          "no --data with --format synthetic",
          "--data " + data(),
          "Omit --data or name another --format: the built-in sample has no path.");
    }
    return DatasetReader.read(
        data(),
        format(),
        DatasetOptions.of(
                defaults.validation(),
                classes == null ? defaults.classNames() : ClassNames.parse(classes),
                window().orElse(defaults.window()))
            .withSelection(ignored, labelPolicy()));
  }
}
