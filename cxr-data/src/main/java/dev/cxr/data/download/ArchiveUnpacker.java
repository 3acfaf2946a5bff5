package dev.cxr.data.download;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;

/** Makes an archive something that {@code --data} takes. */
@FunctionalInterface
interface ArchiveUnpacker {

  /**
   * What became of an archive.
   *
   * @param imageCount how many there are
   * @param dataPath what to give to {@code --data}, seen from the folder
   */
  record UnpackedDataset(int imageCount, Path dataPath) {}

  /**
   * Unpacks the whole archive.
   *
   * @param folder exists and is empty
   * @return what there is now
   * @throws UserErrorException if the archive is not as its publisher made it
   * @throws IOException if the archive cannot be read or the folder not be written
   */
  UnpackedDataset unpack(Path archive, Path folder) throws IOException;

  /** That an archive is not as its publisher made it. */
  static UserErrorException invalidArchive(Path archive, String expected, String found) {
    return UserErrorException.of(
        "%s in %s".formatted(expected, archive),
        found,
        "Nothing has been unpacked. Remove the file and fetch it again.");
  }
}
