package dev.cxr.data.catalogue;

import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How a collection is kept. */
public enum Format {
  /** The built-in sample, drawn and not read. */
  SYNTHETIC {
    @Override
    Catalogue read(Path path, ValidationRule rule) {
      return SyntheticSample.catalogue(rule);
    }
  },
  /** A folder {@code train|val|test / NORMAL|PNEUMONIA} of JPEG, PNG or TIFF files. */
  FOLDER {
    @Override
    Catalogue read(Path path, ValidationRule rule) throws IOException {
      return FolderCatalogue.read(path, rule);
    }
  },
  /** A folder of DICOM files below folders NORMAL and PNEUMONIA. */
  DICOM {
    @Override
    Catalogue read(Path path, ValidationRule rule) throws IOException {
      return DicomCatalogue.read(path, rule);
    }
  },
  /** A MedMNIST archive such as PneumoniaMNIST. */
  NPZ {
    @Override
    Catalogue read(Path path, ValidationRule rule) throws IOException {
      return NpzCatalogue.read(path, rule);
    }
  },
  /** A manifest {@code path,finding[,patient][,split]}. */
  CSV {
    @Override
    Catalogue read(Path path, ValidationRule rule) throws IOException {
      return CsvCatalogue.read(path, rule);
    }
  };

  /** As people type it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads the collection.
   *
   * @throws Refusal if there is none of this format at {@code path}
   */
  abstract Catalogue read(Path path, ValidationRule rule) throws IOException;

  /**
   * The format that a path tells: a folder by what is in it, a file by its name.
   *
   * @throws IOException if the folder cannot be listed
   */
  static Format of(String data) throws IOException {
    Path path = Path.of(data);
    String name = data.toLowerCase(Locale.ROOT);
    if (data.equals(Catalogue.SYNTHETIC)) {
      return SYNTHETIC;
    }
    if (name.endsWith(".npz") && !Files.isDirectory(path)) {
      return NPZ;
    }
    if (name.endsWith(".csv") && !Files.isDirectory(path)) {
      return CSV;
    }
    boolean dicom =
        Files.isDirectory(path) && !FolderCatalogue.isIn(path) && DicomCatalogue.isIn(path);
    return dicom ? DICOM : FOLDER;
  }
}
