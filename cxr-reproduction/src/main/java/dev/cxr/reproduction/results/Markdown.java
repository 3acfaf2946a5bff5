package dev.cxr.reproduction.results;

import java.util.regex.Pattern;

/** Names that come from elsewhere, such as a folder's, put so that they break nothing. */
final class Markdown {

  private static final Pattern PLAIN = Pattern.compile("[\\w./-]+");

  /** What single quotes do not hold together, and what a shell reads between double ones. */
  private static final Pattern NOT_QUOTABLE = Pattern.compile("[\\p{Cntrl}'\"`$\\\\!]");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\`|<*\\[]");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Markdown() {}

  /** In a sentence or a cell. */
  static String escape(String name) {
    return SPECIAL.matcher(CONTROL.matcher(name).replaceAll(" ")).replaceAll("\\\\$0");
  }

  /** Within {@code -Dexec.args="…"}; of a name that cannot stand there a word in its place. */
  static String commandArgument(String name) {
    if (PLAIN.matcher(name).matches()) {
      return name;
    }
    return NOT_QUOTABLE.matcher(name).find() ? "COLLECTION" : "'%s'".formatted(name);
  }
}
