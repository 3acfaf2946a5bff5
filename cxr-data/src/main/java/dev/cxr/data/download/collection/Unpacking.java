package dev.cxr.data.download.collection;

import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Path;

/** Makes the pictures of an archive files {@code train|val|test / NORMAL|PNEUMONIA}. */
@FunctionalInterface
interface Unpacking {

  /**
   * Unpacks the whole archive.
   *
   * @param folder exists and is empty
   * @return how many pictures it wrote
   * @throws Refusal if the archive is not as its publisher made it
   * @throws IOException if the archive cannot be read or the folder not be written
   */
  int unpack(Path archive, Path folder) throws IOException;

  /** That an archive is not as its publisher made it. */
  static Refusal refusal(Path archive, String expected, String found) {
    return Refusal.of(
        "%s in %s".formatted(expected, archive),
        found,
        "Nothing has been unpacked. Remove the file and fetch it again.");
  }
}
