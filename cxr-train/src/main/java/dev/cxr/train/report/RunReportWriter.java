package dev.cxr.train.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.cxr.common.files.AtomicFile;
import dev.cxr.common.runtime.ProcFile;
import dev.cxr.train.loop.RunLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** Writes {@code report.html}, {@code report.json} and {@code curves.png} of a run. */
public final class RunReportWriter {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private RunReportWriter() {}

  /**
   * Reports from the recipe and the log in a run folder.
   *
   * @param run the run folder
   * @param facts what its files do not have
   * @throws IOException if these cannot be read, or the reports not written
   */
  public static void write(Path run, RunReport.RunFacts facts) throws IOException {
    RunTimes times = RunTimes.read(run.resolve(RunLog.FILE), Instant.now());
    RunReport report = RunReport.of(facts, times, ProcFile.peakMebibytes());
    String recipe = Files.readString(run.resolve("recipe.yaml"));
    String page = RunPage.of(report, facts.history(), recipe);
    AtomicFile.write(
        run.resolve("report.json"), file -> Files.writeString(file, GSON.toJson(report) + "\n"));
    AtomicFile.write(run.resolve("report.html"), file -> Files.writeString(file, page));
    if (!facts.history().isEmpty()) {
      CurvesImage.write(
          HistoryCharts.of(facts.history(), report.keptEpoch()), run.resolve("curves.png"));
    }
  }
}
