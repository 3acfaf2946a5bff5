package dev.cxr.common.cli;

/** A command that a message suggests, in the form in which the user started this one. */
public final class SuggestedCommand {

  /** The system property that a launcher sets to its name, such as {@code cxr}. */
  public static final String LAUNCHER_PROPERTY = "cxr.launcher";

  private SuggestedCommand() {}

  /**
   * {@return the line to type: with the launcher if one started this process, otherwise with Maven}
   *
   * @param module the Maven module of the command, such as {@code cxr-eval}
   * @param arguments command and options
   */
  public static String of(String module, String arguments) {
    String launcher = System.getProperty(LAUNCHER_PROPERTY);
    return launcher == null
        ? "mvn -q -pl %s exec:java -Dexec.args=\"%s\"".formatted(module, arguments)
        : launcher + " " + arguments;
  }

  /**
   * {@return an argument as a POSIX shell reads it: in single quotes if it needs them}
   *
   * @param argument any text
   */
  public static String quoted(String argument) {
    return argument.matches("[\\w./:=@%+,-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
