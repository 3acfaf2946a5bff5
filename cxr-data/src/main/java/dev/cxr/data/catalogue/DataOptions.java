package dev.cxr.data.catalogue;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command is told its collection. */
public final class DataOptions {

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "The collection: a folder train|val|test / NORMAL|PNEUMONIA of pictures or DICOM files,"
              + " MedMNIST's .npz, a .csv manifest path,finding[,patient][,split], or 'synthetic' for"
              + " the built-in sample (the default).")
  private @Nullable String data;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "One of ${COMPLETION-CANDIDATES} (default: what the path tells).")
  private @Nullable Format format;

  /** Whether a collection was named. */
  public boolean isGiven() {
    return data != null;
  }

  /** As it was typed; the built-in sample where nothing was. */
  public String data() {
    return data == null ? Catalogue.SYNTHETIC : data;
  }

  /** The format that was named, if one was. */
  public Optional<Format> format() {
    return Optional.ofNullable(format);
  }

  /**
   * Opens the collection.
   *
   * @param rule which patient groups of the training pictures validate
   * @throws dev.cxr.common.cli.UserErrorException if there is no such collection
   * @throws IOException if it cannot be read
   */
  public Catalogue open(ValidationRule rule) throws IOException {
    if (format == Format.SYNTHETIC && !data().equals(Catalogue.SYNTHETIC)) {
      throw UserErrorException.ofUsage(
          "no --data with --format synthetic",
          "--data " + data(),
          "Leave one of them away: the built-in sample is read from nowhere.");
    }
    return format == null ? Catalogue.open(data(), rule) : Catalogue.open(data(), format, rule);
  }
}
