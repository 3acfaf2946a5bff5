package dev.cxr.train.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.common.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Writes {@code report.html}, {@code report.json} and {@code curves.png} of a run. */
public final class RunReportWriter {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private RunReportWriter() {}

  /**
   * Reports from the recipe, the history and the log in a run folder.
   *
   * @param run the run folder
   * @param facts what its files do not have
   * @throws IOException if these cannot be read, or the reports not written
   */
  public static void write(Path run, RunReport.RunFacts facts) throws IOException {
    RunTimes times = RunTimes.read(run.resolve("run.log"), Instant.now());
    List<HistoryRow> epochs = HistoryRow.read(run.resolve("history.csv"));
    RunReport report = RunReport.of(facts, epochs, times, ResidentMemory.peakMebibytes());
    String page = RunPage.of(report, epochs, Files.readString(run.resolve("recipe.yaml")));
    AtomicFile.write(
        run.resolve("report.json"), file -> Files.writeString(file, GSON.toJson(report) + "\n"));
    AtomicFile.write(run.resolve("report.html"), file -> Files.writeString(file, page));
    if (!epochs.isEmpty()) {
      CurvesImage.write(HistoryCharts.of(epochs, report.keptEpoch()), run.resolve("curves.png"));
    }
  }
}
