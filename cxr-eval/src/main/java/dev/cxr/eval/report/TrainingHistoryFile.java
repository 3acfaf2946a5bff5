package dev.cxr.eval.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.bundle.Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** Reads {@code history.csv} of a bundle. */
final class TrainingHistoryFile {

  private static final String EPOCH = "epoch";
  private static final long MAX_BYTES = 1 << 24;

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

  private TrainingHistoryFile() {}

  /**
   * {@return the epochs of each training, by the values of the column before the epoch; by an empty
   * name if there is no such column}
   */
  static Map<String, List<TrainingCharts.Epoch>> read(Bundle bundle) throws IOException {
    Path file = bundle.folder().resolve("history.csv");
    Map<String, List<TrainingCharts.Epoch>> trainings = new LinkedHashMap<>();
    if (Files.size(file) > MAX_BYTES) {
      throw damaged(file, "more than 16 MiB");
    }
    try (CSVParser rows = CSVParser.parse(file, UTF_8, FORMAT)) {
      List<String> columns = rows.getHeaderNames();
      for (CSVRecord row : rows) {
        String name = columns.get(0).equals(EPOCH) ? "" : row.get(0);
        trainings.computeIfAbsent(name, key -> new ArrayList<>()).add(epoch(columns, row));
      }
      return trainings;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static TrainingCharts.Epoch epoch(List<String> columns, CSVRecord row) {
    Map<String, @Nullable Double> metrics = new HashMap<>();
    for (String column : columns.subList(columns.indexOf(EPOCH) + 1, columns.size())) {
      if (!row.get(column).isEmpty()) {
        metrics.put(column, Double.valueOf(row.get(column)));
      }
    }
    return new TrainingCharts.Epoch(Integer.parseInt(row.get(EPOCH)), metrics);
  }

  private static UserErrorException damaged(Path file, String found) {
    return UserErrorException.of(
        "a history as training writes it, in " + file,
        found,
        "Copy the bundle again, or train it again.");
  }
}
