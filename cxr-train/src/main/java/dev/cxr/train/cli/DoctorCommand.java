package dev.cxr.train.cli;

import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.doctor.Diagnostic;
import dev.cxr.train.doctor.MachineFacts;
import dev.cxr.train.doctor.SystemChecks;
import dev.cxr.train.doctor.SystemProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Checks everything that training needs. */
@Command(
    name = "doctor",
    description = {
      "Check what training needs: CPU, memory, folders, driver, natives, engine and device;"
          + " and say how to fix problems.",
      "The exit code is 1 if a problem stops training."
    })
public final class DoctorCommand implements EngineCommand {

  /** The settings of a training. */
  @Override
  public Workload workload() {
    return Workload.LONG_RUNNING;
  }

  @Override
  public boolean reportsProblems() {
    return true;
  }

  @Override
  public Integer call() throws IOException {
    MachineFacts machine = SystemProbe.machine();
    List<Diagnostic> diagnostics = new ArrayList<>(SystemChecks.check(machine));
    print(diagnostics); // before the engine starts, which could end the process
    List<Diagnostic> engineDiagnostics = SystemChecks.check(SystemProbe.engine(), machine);
    print(engineDiagnostics);
    diagnostics.addAll(engineDiagnostics);
    System.out.println(Diagnostic.summary(diagnostics));
    return Diagnostic.stopsTraining(diagnostics) ? 1 : 0;
  }

  private static void print(List<Diagnostic> diagnostics) {
    diagnostics.forEach(diagnostic -> System.out.println(diagnostic.toText()));
    System.out.flush();
  }
}
