package dev.cxr.train.machine;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.runtime.Workload;
import dev.cxr.train.machine.Remark.Level;
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
    MachineFacts machine = Probe.machine();
    List<Remark> remarks = new ArrayList<>(Diagnosis.of(machine));
    print(remarks); // before the engine starts, which could end the process
    List<Remark> ofEngine = Diagnosis.of(Probe.engine(), machine);
    print(ofEngine);
    remarks.addAll(ofEngine);
    System.out.println(conclusion(remarks));
    return stopsTraining(remarks) ? 1 : 0;
  }

  private static void print(List<Remark> remarks) {
    remarks.forEach(remark -> System.out.println(line(remark)));
    System.out.flush();
  }

  static String line(Remark remark) {
    String line =
        String.format(
            Locale.ROOT,
            "%-8s %-13s %s",
            remark.level().name().toLowerCase(Locale.ROOT),
            remark.subject(),
            remark.text());
    return remark.remedy().isEmpty()
        ? line
        : line + System.lineSeparator() + " ".repeat(23) + remark.remedy();
  }

  static boolean stopsTraining(List<Remark> remarks) {
    return count(remarks, Level.PROBLEM) > 0;
  }

  static String conclusion(List<Remark> remarks) {
    long problems = count(remarks, Level.PROBLEM);
    long notes = count(remarks, Level.NOTE);
    String noted = notes == 0 ? "." : notes == 1 ? "; there is a note." : "; there are notes.";
    return switch ((int) problems) {
      case 0 -> "Nothing stops training" + noted;
      case 1 -> "One problem stops training" + noted;
      default -> problems + " problems stop training" + noted;
    };
  }

  private static long count(List<Remark> remarks, Level level) {
    return remarks.stream().filter(remark -> remark.level() == level).count();
  }
}
