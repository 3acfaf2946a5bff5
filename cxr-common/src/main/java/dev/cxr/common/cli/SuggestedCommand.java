package dev.cxr.common.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command that a message suggests. Its {@linkplain #line() line} can be pasted as it is, whatever
 * characters its values have.
 *
 * @param module the Maven module of the command, such as {@code cxr-eval}
 * @param words the command and its options as the command receives them
 */
public record SuggestedCommand(String module, List<String> words) {

  /**
   * The system property that a launcher sets to its name, such as {@code cxr}, as the shell reads
   * it.
   */
  public static final String LAUNCHER_PROPERTY = "cxr.launcher";

  /**
   * A command.
   *
   * @param module its Maven module
   * @param words command and options
   */
  public SuggestedCommand {
    words = List.copyOf(words);
  }

  /**
   * {@return a command without options}
   *
   * @param module its Maven module
   * @param command its name
   */
  public static SuggestedCommand of(String module, String command) {
    return new SuggestedCommand(module, List.of(command));
  }

  /**
   * {@return this command with one more option}
   *
   * @param name such as {@code --data}
   * @param value its value
   */
  public SuggestedCommand option(String name, Object value) {
    String text = value.toString();
    List<String> more = new ArrayList<>(words);
    if (!text.matches("(?s)[-@].*")) {
      more.addAll(List.of(name, text));
    } else if (value
        instanceof Path) { // would be read as another option, or as a file of arguments
      more.addAll(List.of(name, "./" + text));
    } else {
      more.add(name + "=" + text);
    }
    return new SuggestedCommand(module, more);
  }

  /** {@return the line to type: in the form in which the user started this process} */
  public String line() {
    String launcher = System.getProperty(LAUNCHER_PROPERTY);
    return launcher == null
        ? "mvn -q -pl %s exec:java %s".formatted(module, mavenProperty())
        : Stream.concat(Stream.of(launcher), words.stream().map(SuggestedCommand::quoted))
            .collect(Collectors.joining(" "));
  }

  /**
   * {@return an argument as the shell reads it: in single quotes if it needs them, on Windows in
   * double quotes}
   *
   * @param argument any text
   */
  public static String quoted(String argument) {
    if (isPlain(argument)) {
      return argument;
    }
    return isWindows()
        ? '"' + argument.replaceAll("(\\\\*)(\"|$)", "$1$1$2").replace("\"", "\\\"") + '"'
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  /** Read twice: by the shell, and by Maven as {@link #mavenWord} says. */
  private String mavenProperty() {
    String value = words.stream().map(SuggestedCommand::mavenWord).collect(Collectors.joining(" "));
    return isWindows() || value.matches("[^\"$`\\\\!]*")
        ? "-Dexec.args=\"" + value + '"'
        : "-Dexec.args=" + quoted(value);
  }

  /**
   * The plugin exec splits at spaces and joins adjacent parts in single or double quotes; there is
   * no escape character. Before, Maven replaces <code>${…}</code>, even in quotes.
   */
  private static String mavenWord(String word) {
    return isPlain(word) ? word : "'" + word.replace("'", "'\"'\"'").replace("${", "$''{") + "'";
  }

  private static boolean isPlain(String argument) {
    return argument.matches("[\\w./:=@%+,-]+");
  }

  private static boolean isWindows() {
    return File.separatorChar == '\\';
  }
}
