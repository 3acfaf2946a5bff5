package dev.cxr.data.cli;

import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.audit.Audit;
import dev.cxr.data.audit.AuditFiles;
import dev.cxr.data.audit.AuditReport;
import dev.cxr.data.audit.AuditText;
import dev.cxr.data.audit.AuditVerdict;
import dev.cxr.data.index.DatasetIndex;
import dev.cxr.data.index.DatasetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a dataset before training. */
@Command(
    name = "audit",
    description =
        "Check a dataset before training: counts, unreadable files, duplicates, patients in several"
            + " splits, conflicting labels, shortcuts. Writes audit.html and audit.json. Exit code 1 if"
            + " errors would make results invalid.")
public final class AuditCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to create (default: the next free runs/audit-NNN).")
  private @Nullable Path out;

  @Option(
      names = "--allow-errors",
      description = "Exit code 0 despite errors; the report says that they were allowed.")
  private boolean allow;

  @Override
  public Integer call() throws IOException {
    DatasetIndex dataset = data.open(DatasetOptions.DEFAULT);
    Path target = out != null ? out : AtomicFolder.nextFree(Path.of("runs", "audit"));
    AuditReport report;
    try (AtomicFolder folder = AtomicFolder.create(target)) {
      report = Audit.run(dataset, allow);
      AuditFiles.write(report, dataset, folder.path());
      folder.commit();
    }
    System.out.println(AuditText.format(report));
    System.out.println("Written: " + target.resolve("audit.html"));
    System.out.println("         " + target.resolve("audit.json"));
    System.out.println("Research software, not a medical device.");
    return report.verdict() == AuditVerdict.UNFIT ? 1 : 0;
  }
}
