package dev.cxr.serve.folder;

import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.FoundImage;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * Image files that are predicted together.
 *
 * @param images at least one
 * @param key the same for the same files in the same order, unless one was changed
 */
record FileBatch(List<FoundImage> images, String key) {

  static FileBatch of(List<FoundImage> images) {
    StringBuilder files = new StringBuilder();
    for (FoundImage image : images) {
      files.append(image.name()).append('\n').append(version(image)).append('\n');
    }
    return new FileBatch(List.copyOf(images), Sha256.hex(files.toString()));
  }

  private static String version(FoundImage image) {
    try {
      return Files.size(image.path()) + " " + Files.getLastModifiedTime(image.path());
    } catch (IOException e) {
      return "unreadable"; // decoding reports why
    }
  }
}
