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
 * The predictions so far, in a file beside the target: the rows of a batch are written at once, so
 * that an interrupted command can resume.
 *
 * <p>A row is valid for one model and one {@linkplain FileBatch#key batch}.
 */
final class PredictionLog implements AutoCloseable {

  private static final int KEY_COLUMNS = 2;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180;

  private final String modelId;
  private final Path file;
  private final Map<String, List<String>> rows;
  private final CSVPrinter csv;

  private PredictionLog(String modelId, Path file, Map<String, List<String>> rows)
      throws IOException {
    this.modelId = modelId;
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
   * @param modelId bundle, engine and precision
   * @param columns number of columns of the target
   */
  static PredictionLog open(Path target, String modelId, int columns) throws IOException {
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
          if (row.size() == KEY_COLUMNS + columns && row.get(0).equals(modelId)) {
            rows.put(row.get(KEY_COLUMNS), row.toList());
          }
        }
      }
      Files.writeString(file, completeRows);
    }
    return new PredictionLog(modelId, file, rows);
  }

  /** Whether there is a valid row for every image of a batch. */
  boolean contains(FileBatch batch) {
    return batch.images().stream()
        .map(image -> rows.get(image.name()))
        .allMatch(row -> row != null && row.get(1).equals(batch.key()));
  }

  /**
   * Writes the rows of a batch at once, in place of earlier ones of its images.
   *
   * @param batchRows of its readable images; the first value of each is the image's name
   */
  void append(FileBatch batch, List<List<String>> batchRows) throws IOException {
    batch.images().forEach(image -> rows.remove(image.name()));
    for (List<String> values : batchRows) {
      List<String> row = new ArrayList<>(List.of(modelId, batch.key()));
      row.addAll(values);
      rows.put(values.get(0), row);
      csv.printRecord(row);
    }
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
