package dev.cxr.models;

import dev.cxr.models.architecture.Architecture;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lists the architectures. */
@Command(name = "list", description = "List the architectures that a recipe can name.")
final class ListCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    for (Architecture architecture : Architecture.values()) {
      System.out.printf("%-12s %s%n", architecture.id(), architecture.summary());
    }
    return 0;
  }
}
