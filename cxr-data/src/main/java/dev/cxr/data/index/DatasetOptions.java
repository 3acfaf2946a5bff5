package dev.cxr.data.index;

import java.util.List;
import java.util.Optional;

/**
 * How a dataset is read.
 *
 * @param validation selects the validation images
 * @param classNames the classes, and their names in the dataset
 * @param ignored names of folders or findings whose images are left out, or paths of folders below
 *     the dataset
 * @param labelPolicy the class of images with several labels; empty if there are none
 * @param window which of several windows of a DICOM file to apply, from 1
 * @since 0.3
 */
public record DatasetOptions(
    ValidationSplitRule validation,
    ClassNames classNames,
    List<String> ignored,
    Optional<LabelPolicy> labelPolicy,
    int window) {

  /** The default validation rule and the built-in findings. */
  public static final DatasetOptions DEFAULT = of(ValidationSplitRule.DEFAULT);

  /**
   * Copies the list.
   *
   * @param validation as for the record
   * @param classNames as for the record
   * @param ignored as for the record
   * @param labelPolicy as for the record
   * @param window as for the record
   * @throws IllegalArgumentException if the window is below 1
   */
  public DatasetOptions {
    ignored = List.copyOf(ignored);
    if (window < 1) {
      throw new IllegalArgumentException("expected a window from 1, found " + window);
    }
  }

  /**
   * {@return the built-in findings, with nothing ignored}
   *
   * @param validation selects the validation images
   */
  public static DatasetOptions of(ValidationSplitRule validation) {
    return of(validation, ClassNames.BUILT_IN, 1);
  }

  /**
   * {@return options with nothing ignored and no label policy}
   *
   * @param validation selects the validation images
   * @param classNames the classes
   * @param window which of several windows of a DICOM file to apply, from 1
   */
  public static DatasetOptions of(
      ValidationSplitRule validation, ClassNames classNames, int window) {
    return new DatasetOptions(validation, classNames, List.of(), Optional.empty(), window);
  }

  /**
   * {@return these options for a part of the images}
   *
   * @param newIgnored as for the record
   * @param newLabelPolicy as for the record
   */
  public DatasetOptions withSelection(
      List<String> newIgnored, Optional<LabelPolicy> newLabelPolicy) {
    return new DatasetOptions(validation, classNames, newIgnored, newLabelPolicy, window);
  }
}
