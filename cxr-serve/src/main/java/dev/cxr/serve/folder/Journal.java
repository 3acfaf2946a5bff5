package dev.cxr.serve.folder;

import dev.cxr.common.files.AtomicFile;
import dev.cxr.serve.folder.Pictures.Picture;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * What has been predicted so far, beside the file that is to come: a row for each picture, written
 * as soon as it is known, so that an interrupted command goes on where it was.
 *
 * <p>A row counts only for the same bundle and a picture of the same size and time.
 */
final class Journal implements AutoCloseable {

  private static final int KEYS = 3;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180;

  private final String bundle;
  private final Path file;
  private final Map<String, List<String>> rows;
  private final Writer out;
  private final CSVPrinter csv;

  private Journal(String bundle, Path file, Map<String, List<String>> rows) throws IOException {
    this.bundle = bundle;
    this.file = file;
    this.rows = rows;
    this.out =
        Files.newBufferedWriter(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    this.csv = new CSVPrinter(out, FORMAT);
  }

  /**
   * Opens the journal of a file that is to come.
   *
   * @param columns how many columns a row has
   */
  static Journal open(Path target, String bundle, int columns) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path file = absolute.resolveSibling(absolute.getFileName() + ".unfinished");
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    Map<String, List<String>> rows = new HashMap<>();
    if (Files.exists(file)) {
      String text = Files.readString(file);
      String whole = text.substring(0, text.lastIndexOf("\r\n") + 1); // a kill may cut the last
      try (Reader in = new StringReader(whole);
          CSVParser parser = FORMAT.parse(in)) {
        for (CSVRecord row : parser) {
          if (row.size() == KEYS + columns && row.get(0).equals(bundle)) {
            List<String> values = new ArrayList<>(row.toList());
            rows.put(values.get(KEYS), values);
          }
        }
      }
      Files.writeString(file, whole.isEmpty() ? "" : whole + "\n", StandardCharsets.UTF_8);
    }
    return new Journal(bundle, file, rows);
  }

  /** Whether a picture's row is there, and still right. */
  boolean has(Picture picture) throws IOException {
    List<String> row = rows.get(picture.name());
    return row != null && row.subList(0, KEYS).equals(keys(picture));
  }

  private List<String> keys(Picture picture) throws IOException {
    return List.of(
        bundle,
        String.valueOf(Files.size(picture.path())),
        Files.getLastModifiedTime(picture.path()).toString());
  }

  /** Writes a row down at once; its first value is the picture's name. */
  void add(Picture picture, List<String> values) throws IOException {
    List<String> row = new ArrayList<>(keys(picture));
    row.addAll(values);
    rows.put(picture.name(), row);
    csv.printRecord(row);
    out.flush();
  }

  /** Makes the file of the rows of these pictures, in their order, and ends the journal. */
  void finish(Path target, List<String> header, List<Picture> pictures) throws IOException {
    AtomicFile.write(
        target,
        path -> {
          try (CSVPrinter table = new CSVPrinter(Files.newBufferedWriter(path), FORMAT)) {
            table.printRecord(header);
            for (Picture picture : pictures) {
              List<String> row = rows.get(picture.name());
              if (row != null) {
                table.printRecord(row.subList(KEYS, row.size()));
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
