package dev.cxr.eval.prediction;

import dev.cxr.data.index.Task;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** A CSV file with a row for every image, put together column by column. */
public final class PredictionTable {

  private final List<ImagePrediction> images;
  private final List<String> header = new ArrayList<>();
  private final List<IntFunction<@Nullable Object>> columns = new ArrayList<>();

  /**
   * Creates a table with the columns that describe the images.
   *
   * @param images in the order of the rows
   */
  public PredictionTable(List<ImagePrediction> images) {
    this.images = images;
    addIfAny("path", ImagePrediction::path);
    addIfAny("patient", ImagePrediction::patient);
    addIfAny("finding", ImagePrediction::finding);
    addIfAny("split", ImagePrediction::split);
  }

  void add(String name, IntFunction<@Nullable Object> value) {
    header.add(name);
    columns.add(value);
  }

  /** Adds a column if any image has a value; the cells of the others are empty. */
  void addIfAny(String name, Function<ImagePrediction, @Nullable Object> value) {
    if (images.stream().anyMatch(image -> value.apply(image) != null)) {
      add(name, row -> value.apply(images.get(row)));
    }
  }

  /**
   * Adds the probability of each class, with all digits, and the decision at the threshold.
   *
   * @param task of the model
   * @param threshold the lowest probability that is predicted positive
   * @param predictions of the images, in the order of the rows
   * @param prefix of the columns of probabilities, before the class
   * @param decision the column of the decision
   */
  public void addModel(
      Task task,
      double threshold,
      List<ImagePrediction> predictions,
      String prefix,
      String decision) {
    for (int c = 0; c < task.classes().size(); c++) {
      int index = c;
      add(prefix + task.classes().get(c), row -> predictions.get(row).probabilities().get(index));
    }
    add(
        decision,
        row ->
            predictions.get(row).positiveProbability(task) >= threshold
                ? task.positiveClass()
                : task.negativeLabel());
  }

  /**
   * Writes the table.
   *
   * @param file to make
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader(header.toArray(String[]::new)).get();
    try (BufferedWriter out = Files.newBufferedWriter(file);
        CSVPrinter csv = new CSVPrinter(out, format)) {
      for (int row = 0; row < images.size(); row++) {
        for (IntFunction<@Nullable Object> column : columns) {
          csv.print(column.apply(row));
        }
        csv.println();
      }
    }
  }
}
