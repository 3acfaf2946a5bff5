package dev.cxr.models.cli;

import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.BuiltInArchitecture;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the architectures. */
@Command(name = "list", description = "List the architectures that a recipe can name.")
public final class ListCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    System.out.println("name              side  parameters  description");
    for (Architecture architecture : Architectures.all()) {
      System.out.printf(
          Locale.ROOT,
          "%-16s  %4d  %10s  %s%n",
          architecture.id(),
          architecture.defaultSide(),
          architecture instanceof BuiltInArchitecture builtIn
              ? String.format(Locale.ROOT, "%,d", builtIn.parameterCount())
              : "-",
          architecture.summary());
    }
    return 0;
  }
}
