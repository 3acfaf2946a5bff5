package dev.cxr.train.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.doctor.Diagnostic;
import dev.cxr.train.doctor.Diagnostic.Level;
import dev.cxr.train.doctor.MachineFacts;
import dev.cxr.train.doctor.SystemChecks;
import dev.cxr.train.doctor.SystemProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Looks over all that training stands on. */
@Command(
    name = "doctor",
    description = {
      "Look over what training stands on: Java, CPU, memory, folders, driver, natives, engine,"
          + " device; and say what to do where something is amiss.",
      "It exits with 1 if something stops training."
    })
public final class DoctorCommand implements EngineCommand {

  /** It looks at what a training would find. */
  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public Integer call() throws IOException {
    MachineFacts machine = SystemProbe.machine();
    List<Diagnostic> diagnostics = new ArrayList<>(SystemChecks.check(machine));
    print(diagnostics); // before the engine starts, which could end the process
    List<Diagnostic> engineDiagnostics = SystemChecks.check(SystemProbe.engine(), machine);
    print(engineDiagnostics);
    diagnostics.addAll(engineDiagnostics);
    System.out.println(summary(diagnostics));
    return stopsTraining(diagnostics) ? 1 : 0;
  }

  private static void print(List<Diagnostic> diagnostics) {
    diagnostics.forEach(remark -> System.out.println(format(remark)));
    System.out.flush();
  }

  public static String format(Diagnostic diagnostic) {
    String line =
        String.format(
            Locale.ROOT,
            "%-8s %-13s %s",
            diagnostic.level().name().toLowerCase(Locale.ROOT),
            diagnostic.subject(),
            diagnostic.message());
    return diagnostic.remedy().isEmpty()
        ? line
        : line + System.lineSeparator() + " ".repeat(23) + diagnostic.remedy();
  }

  public static boolean stopsTraining(List<Diagnostic> diagnostics) {
    return count(diagnostics, Level.PROBLEM) > 0;
  }

  public static String summary(List<Diagnostic> diagnostics) {
    long problems = count(diagnostics, Level.PROBLEM);
    long notes = count(diagnostics, Level.NOTE);
    String noted = notes == 0 ? "." : notes == 1 ? "; there is a note." : "; there are notes.";
    return switch ((int) problems) {
      case 0 -> "Nothing stops training" + noted;
      case 1 -> "One problem stops training" + noted;
      default -> problems + " problems stop training" + noted;
    };
  }

  private static long count(List<Diagnostic> diagnostics, Level level) {
    return diagnostics.stream().filter(remark -> remark.level() == level).count();
  }
}
