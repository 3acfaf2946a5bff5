package dev.cxr.data.index;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How a dataset is stored. */
public enum DatasetFormat {
  /** The built-in sample, which is generated. */
  SYNTHETIC((path, options) -> SyntheticDataset.index(options)),
  /** A folder of JPEG, PNG or TIFF files, sorted into folders of their class. */
  FOLDER((path, options) -> FolderReader.read(path, options, false)),
  /** A folder of DICOM files, sorted likewise. */
  DICOM((path, options) -> FolderReader.read(path, options, true)),
  /** A MedMNIST archive such as PneumoniaMNIST. */
  NPZ(NpzReader::read),
  /** A manifest {@code path,finding[,patient][,split]}. */
  CSV(CsvManifestReader::read);

  private interface Reader {
    DatasetIndex read(Path path, DatasetOptions options) throws IOException;
  }

  @SuppressWarnings("ImmutableEnumChecker") // none of them captures anything
  private final Reader reader;

  DatasetFormat(Reader reader) {
    this.reader = reader;
  }

  /** Whether a dataset is one file, not a folder. */
  boolean isSingleFile() {
    return this == NPZ || this == CSV;
  }

  /** {@return the name on the command line} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a dataset.
   *
   * @throws dev.cxr.common.cli.UserErrorException if there is no dataset of this format at {@code
   *     path}
   */
  DatasetIndex read(Path path, DatasetOptions options) throws IOException {
    return reader.read(path, options);
  }

  /** Detects the format of a file by its name. */
  static DatasetFormat detect(String data) {
    if (data.equals(DatasetIndex.SYNTHETIC)) {
      return SYNTHETIC;
    }
    String name = data.toLowerCase(Locale.ROOT);
    return name.endsWith(".npz") ? NPZ : name.endsWith(".csv") ? CSV : FOLDER;
  }
}
