package dev.cxr.train.loop;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.train.recipe.Direction;
import dev.cxr.train.recipe.EarlyStopping;
import dev.cxr.train.recipe.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** {@code history.csv}: a row for every epoch. */
public final class TrainingHistory {

  /** Its name in a run folder. */
  public static final String FILE = "history.csv";

  private static final long MAX_BYTES = 16 << 20;

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

  /**
   * Reads a file.
   *
   * @param file the file
   * @return the epochs in order; none without a file
   * @throws UserErrorException if it is not a history, or has more than 16 MiB
   * @throws IOException if it cannot be read
   */
  public static List<EpochMetrics> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw notAHistory(file, "no file, or more than 16 MiB");
    }
    CSVFormat format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser csv = format.parse(Files.newBufferedReader(file))) {
      List<EpochMetrics> epochs = new ArrayList<>();
      for (CSVRecord row : csv) {
        epochs.add(
            new EpochMetrics(
                Integer.parseInt(row.get("epoch")),
                Double.parseDouble(row.get("train_loss")),
                numberOrNull(row.get("train_accuracy")),
                Double.parseDouble(row.get("val_loss")),
                numberOrNull(row.get("val_accuracy")),
                numberOrNull(row.get("val_auroc")),
                Double.parseDouble(row.get("learning_rate"))));
      }
      return epochs;
    } catch (IllegalArgumentException | UncheckedIOException | CharacterCodingException e) {
      throw notAHistory(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The epoch whose weights the bundle has, or would have if training ended now.
   *
   * @param epochs in order, at least one
   * @param recipe of the run
   * @return its number, from 1
   */
  public static int keptEpoch(List<EpochMetrics> epochs, Recipe recipe) {
    EarlyStopping rule = recipe.earlyStopping().orElse(EarlyStopping.NEVER);
    Direction direction = recipe.monitor().direction();
    EarlyStopping.State state = EarlyStopping.start(direction);
    for (EpochMetrics epoch : epochs) {
      state = rule.after(state, epoch.metric(recipe.monitor()), direction);
    }
    return recipe.keep() == Recipe.Keep.BEST && state.bestEpoch() > 0
        ? state.bestEpoch()
        : epochs.get(epochs.size() - 1).epoch();
  }

  private static @Nullable Double numberOrNull(String text) {
    return text.isEmpty() ? null : Double.valueOf(text);
  }

  private static UserErrorException notAHistory(Path file, String problem) {
    return UserErrorException.of(
        "%s as `train` wrote it".formatted(file), problem, "Restore or delete it.");
  }
}
