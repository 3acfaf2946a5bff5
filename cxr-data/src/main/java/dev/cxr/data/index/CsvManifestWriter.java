package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes a manifest {@code path,finding,patient,split}, as every command reads it.
 *
 * @since 0.3
 */
public final class CsvManifestWriter {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setRecordSeparator('\n')
          .setHeader("path", "finding", "patient", "split")
          .get();

  private CsvManifestWriter() {}

  /**
   * Writes a manifest; replaces an existing one completely or not at all.
   *
   * @param xrays image files
   * @param file to write; paths in it are relative to its folder where that is possible
   * @throws UserErrorException if an image is not a file, such as those of an archive
   * @throws IOException if it cannot be written
   */
  public static void write(List<Xray> xrays, Path file) throws IOException {
    Path folder = file.toAbsolutePath().normalize().resolveSibling("");
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, FORMAT)) {
      for (Xray xray : xrays) {
        if (!(xray.source() instanceof FileSource source)) {
          throw UserErrorException.of(
              "a dataset of image files",
              "the image %s, which is no file".formatted(xray.id()),
              "Give a folder or a .csv manifest.");
        }
        csv.printRecord(
            relative(source.path().toAbsolutePath().normalize(), folder),
            xray.finding(),
            xray.patient().equals(xray.id()) ? "" : xray.patient(),
            xray.split() == Split.VALIDATION ? "val" : xray.split());
      }
    }
    AtomicFile.write(file, part -> Files.writeString(part, text));
  }

  private static String relative(Path image, Path folder) {
    Path path =
        image.getRoot() != null && image.getRoot().equals(folder.getRoot())
            ? folder.relativize(image)
            : image;
    return path.toString().replace('\\', '/');
  }
}
