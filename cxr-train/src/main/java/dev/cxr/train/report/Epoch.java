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
 * @param number counted from 1
 * @param figures by the names of the columns; one that an epoch has not is not there
 */
record Epoch(int number, Map<String, Double> figures) {

  static final String TRAINING_LOSS = "train_loss";
  static final String TRAINING_ACCURACY = "train_accuracy";
  static final String VALIDATION_LOSS = "val_loss";
  static final String VALIDATION_ACCURACY = "val_accuracy";
  static final String VALIDATION_AUROC = "val_auroc";
  static final String LEARNING_RATE = "learning_rate";

  private static final String NUMBER = "epoch";

  static List<Epoch> read(Path history) throws IOException {
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    List<Epoch> epochs = new ArrayList<>();
    try (Reader in = Files.newBufferedReader(history);
        CSVParser rows = CSVParser.builder().setReader(in).setFormat(format).get()) {
      for (CSVRecord row : rows) {
        Map<String, Double> figures = new LinkedHashMap<>();
        row.toMap()
            .forEach(
                (name, value) -> {
                  if (!name.equals(NUMBER) && !value.isEmpty()) {
                    figures.put(name, Double.valueOf(value));
                  }
                });
        epochs.add(new Epoch(Integer.parseInt(row.get(NUMBER)), figures));
      }
    }
    return epochs;
  }

  OptionalDouble figure(String name) {
    Double value = figures.get(name);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
