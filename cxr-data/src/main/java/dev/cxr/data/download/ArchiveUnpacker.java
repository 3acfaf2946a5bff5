package dev.cxr.data.download;

import dev.cxr.common.cli.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;

/** Unpacks an archive into a folder for {@code --data}. */
@FunctionalInterface
interface ArchiveUnpacker {

  /**
   * Unpacks the whole archive.
   *
   * @param folder exists and is empty
   * @return the number of images
   * @throws UserErrorException if the archive does not have the expected contents
   * @throws IOException if the archive cannot be read or the folder cannot be written
   */
  int unpack(Path archive, Path folder) throws IOException;
}
