package dev.cxr.data.download;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;

/** Unpacks an archive into a folder for {@code --data}. */
@FunctionalInterface
interface ArchiveUnpacker {

  /**
   * The result.
   *
   * @param imageCount number of images
   * @param dataPath the value for {@code --data}, relative to the folder
   */
  record UnpackedDataset(int imageCount, Path dataPath) {}

  /**
   * Unpacks the whole archive.
   *
   * @param folder exists and is empty
   * @return the number of images and their path
   * @throws UserErrorException if the archive does not have the expected contents
   * @throws IOException if the archive cannot be read or the folder cannot be written
   */
  UnpackedDataset unpack(Path archive, Path folder) throws IOException;

  /** The archive does not have the expected contents. */
  static UserErrorException invalidArchive(Path archive, String expected, String found) {
    return UserErrorException.of(
        "%s in %s".formatted(expected, archive),
        found,
        "Nothing was unpacked. Remove the file and download it again.");
  }
}
