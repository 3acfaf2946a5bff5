package dev.cxr.train.report;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * One row of {@code history.csv}.
 *
 * @param number of the epoch, from 1
 * @param metrics by column; without those that are not defined
 */
record HistoryRow(int number, Map<String, Double> metrics) {

  static final String TRAINING_LOSS = "train_loss";
  static final String TRAINING_ACCURACY = "train_accuracy";
  static final String VALIDATION_LOSS = "val_loss";
  static final String VALIDATION_ACCURACY = "val_accuracy";
  static final String VALIDATION_AUROC = "val_auroc";
  static final String LEARNING_RATE = "learning_rate";

  private static final String EPOCH = "epoch";

  static List<HistoryRow> read(Path history) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    List<HistoryRow> epochs = new ArrayList<>();
    try (Reader in = Files.newBufferedReader(history);
        CSVParser rows = CSVParser.builder().setReader(in).setFormat(format).get()) {
      for (CSVRecord row : rows) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        row.toMap()
            .forEach(
                (name, value) -> {
                  if (!name.equals(EPOCH) && !value.isEmpty()) {
                    metrics.put(name, Double.valueOf(value));
                  }
                });
        epochs.add(new HistoryRow(Integer.parseInt(row.get(EPOCH)), metrics));
      }
    }
    return epochs;
  }

  OptionalDouble metric(String name) {
    Double value = metrics.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
