package dev.cxr.serve.folder;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.data.image.FoundImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * The predictions so far, in a file beside the target: each row is written at once, so that an
 * interrupted command can resume.
 *
 * <p>A row is valid for one bundle, and for an image file of the same size and modification time.
 */
final class PredictionLog implements AutoCloseable {

  private static final int KEY_COLUMNS = 3;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180;

  private final String bundleId;
  private final Path file;
  private final Map<String, List<String>> rows;
  private final CSVPrinter csv;

  private PredictionLog(String bundleId, Path file, Map<String, List<String>> rows)
      throws IOException {
    this.bundleId = bundleId;
    this.file = file;
    this.rows = rows;
    this.csv =
        new CSVPrinter(
            Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            FORMAT);
  }

  /**
   * Opens or creates the log of a target file.
   *
   * @param columns number of columns of the target
   */
  static PredictionLog open(Path target, String bundleId, int columns) throws IOException {
    Path csvFile = target.toAbsolutePath().normalize();
    Path file = csvFile.resolveSibling(csvFile.getFileName() + ".unfinished");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Map<String, List<String>> rows = new HashMap<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      int end = text.lastIndexOf(FORMAT.getRecordSeparator()); // the last row may be incomplete
      String completeRows =
          end < 0 ? "" : text.substring(0, end + FORMAT.getRecordSeparator().length());
      try (CSVParser parser = CSVParser.parse(completeRows, FORMAT)) {
        for (CSVRecord row : parser) {
          if (row.size() == KEY_COLUMNS + columns && row.get(0).equals(bundleId)) {
            rows.put(row.get(KEY_COLUMNS), row.toList());
          }
        }
      }
      Files.writeString(file, completeRows);
    }
    return new PredictionLog(bundleId, file, rows);
  }

  /** Whether there is a valid row for an image. */
  boolean contains(FoundImage image) throws IOException {
    List<String> row = rows.get(image.name());
    return row != null && row.subList(0, KEY_COLUMNS).equals(keys(image));
  }

  private List<String> keys(FoundImage image) throws IOException {
    return List.of(
        bundleId,
        String.valueOf(Files.size(image.path())),
        Files.getLastModifiedTime(image.path()).toString());
  }

  /** Writes a row at once; its first value is the image's name. */
  void append(FoundImage image, List<String> values) throws IOException {
    List<String> row = new ArrayList<>(keys(image));
    row.addAll(values);
    rows.put(image.name(), row);
    csv.printRecord(row);
    csv.flush();
  }

  /** Writes the rows of these images to the target, in this order, and deletes the log. */
  void finish(Path target, List<String> header, List<FoundImage> images) throws IOException {
    AtomicFile.write(
        target,
        path -> {
          try (CSVPrinter table = new CSVPrinter(Files.newBufferedWriter(path), FORMAT)) {
            table.printRecord(header);
            for (FoundImage image : images) {
              List<String> row = rows.get(image.name());
              if (row != null) {
                table.printRecord(row.subList(KEY_COLUMNS, row.size()));
              }
            }
          }
        });
    close();
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
