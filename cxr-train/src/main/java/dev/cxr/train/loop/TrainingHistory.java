package dev.cxr.train.loop;

import dev.cxr.common.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** {@code history.csv}: a row for every epoch. */
public final class TrainingHistory {

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT
          .builder()
          .setRecordSeparator('\n')
          .setHeader(
              "epoch",
              "train_loss",
              "train_accuracy",
              "val_loss",
              "val_accuracy",
              "val_auroc",
              "learning_rate")
          .get();

  private TrainingHistory() {}

  /**
   * As CSV; a metric that is not defined is empty.
   *
   * @param epochs in order
   * @return a header and one line per epoch
   * @throws IOException if a file cannot be read or written
   */
  public static String toCsv(List<EpochMetrics> epochs) throws IOException {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter csv = new CSVPrinter(text, FORMAT)) {
      for (EpochMetrics e : epochs) {
        csv.print(e.epoch());
        csv.printRecord(e.byColumn().values());
      }
    }
    return text.toString();
  }

  /**
   * Replaces a file; works without a shutdown hook, so also while the process is ending.
   *
   * @param file the file
   * @param epochs in order
   * @throws IOException if a file cannot be read or written
   */
  public static void write(Path file, List<EpochMetrics> epochs) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".unfinished");
    Files.writeString(temporary, toCsv(epochs));
    AtomicFile.moveIntoPlace(temporary, file);
  }
}
