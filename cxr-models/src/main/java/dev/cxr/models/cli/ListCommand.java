package dev.cxr.models.cli;

import dev.cxr.models.architecture.Architecture;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the architectures. */
@Command(name = "list", description = "List the architectures that a recipe can name.")
public final class ListCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    System.out.println("name              side  parameters  what it is");
    for (Architecture architecture : Architecture.values()) {
      Architecture.Defaults usual = architecture.defaults();
      System.out.printf(
          Locale.ROOT,
          "%-16s  %4d  %,10d  %s%n",
          architecture.id(),
          usual.side(),
          usual.parameters(),
          architecture.summary());
    }
    return 0;
  }
}
