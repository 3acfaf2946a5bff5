package dev.cxr.data.index;

import dev.cxr.common.cli.UsageErrorException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The classes of a dataset, and which names in it mean which class.
 *
 * <p>Names are those of folders or of a column; case, spaces, dashes and underscores do not matter.
 * If every class is a {@linkplain Finding#BUILT_IN built-in finding}, their own names stay known.
 * If not, only the given names are known, and reports show the classes as they are written here.
 *
 * @param classByName the class of each name, in order; the first class is the negative one. Empty
 *     for the built-in findings
 * @since 0.3
 */
public record ClassNames(Map<String, String> classByName) {

  /** The built-in findings under their own names. */
  public static final ClassNames BUILT_IN = new ClassNames(Map.of());

  /** What is valid for {@link #parse}. */
  public static final String VALID_FORMS =
      "class names such as normal,tuberculosis,pneumonia, the negative one first, or names in the"
          + " dataset with their class such as healthy=NORMAL,sick=PNEUMONIA";

  private static final int MAX_CLASSES = 100;

  /** Names become columns, JSON keys and parts of file names. */
  private static final String NAME = "[\\p{L}\\p{N}][\\p{L}\\p{N} ._+()-]{0,63}";

  /**
   * Copies the names, and writes built-in findings in their standard form if there are no others.
   *
   * @param classByName as for the record
   * @throws IllegalArgumentException if a name is not valid, or there is one class only
   */
  public ClassNames {
    Map<String, String> names = new LinkedHashMap<>(classByName);
    names
        .entrySet()
        .forEach(
            entry -> {
              requireName(entry.getKey());
              requireName(entry.getValue());
            });
    if (names.values().stream().allMatch(name -> Finding.parse(name).isPresent())) {
      names.replaceAll((name, className) -> Finding.parse(className).orElseThrow().name());
    } else if (names.values().stream().distinct().count() < 2) {
      throw new IllegalArgumentException(
          "expected two or more classes, found " + names.values().iterator().next());
    }
    if (names.size() > MAX_CLASSES) {
      throw new IllegalArgumentException(
          "expected at most %d names, found %d".formatted(MAX_CLASSES, names.size()));
    }
    classByName = Collections.unmodifiableMap(names);
  }

  private static void requireName(String name) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "expected class names of letters, digits, spaces and . _ + - ( ), found '%s'"
              .formatted(name));
    }
  }

  /**
   * Parses {@code NAME[=CLASS],…}, where a name without a class is its own.
   *
   * @param text such as {@code normal,tuberculosis} or {@code healthy=NORMAL,sick=PNEUMONIA}; empty
   *     or {@code none} for {@link #BUILT_IN}
   * @return the classes
   * @throws dev.cxr.common.cli.UserErrorException if it is not of this form
   */
  public static ClassNames parse(String text) {
    if (text.isBlank() || text.equals("none")) {
      return BUILT_IN;
    }
    Map<String, String> classByName = new LinkedHashMap<>();
    for (String entry : text.split(",", -1)) {
      String[] parts = entry.split("=", 2);
      String name = parts[0].strip();
      String previous = classByName.put(name, parts.length == 2 ? parts[1].strip() : name);
      if (previous != null) {
        throw invalid("'%s' twice".formatted(name));
      }
    }
    try {
      return new ClassNames(classByName);
    } catch (IllegalArgumentException e) {
      throw invalid("'%s' (%s)".formatted(text, e.getMessage()));
    }
  }

  private static UsageErrorException invalid(String found) {
    return UsageErrorException.of(VALID_FORMS, found, "Write them so.");
  }

  /** {@return whether a class is not a built-in finding} */
  public boolean isOwn() {
    return classByName.values().stream().anyMatch(name -> Finding.parse(name).isEmpty());
  }

  /** {@return the classes in order, without those that are built in if none is given} */
  public List<String> classes() {
    return classByName.values().stream().distinct().toList();
  }

  /**
   * {@return the finding that a name in the dataset means}
   *
   * @param name of a folder or a cell
   */
  public Optional<Finding> finding(String name) {
    String key = Finding.key(name);
    return classByName.entrySet().stream()
        .filter(entry -> Finding.key(entry.getKey()).equals(key))
        .map(entry -> new Finding(entry.getValue()))
        .findFirst()
        .or(() -> isOwn() ? ownFinding(key) : Finding.parse(name));
  }

  /** A dataset can also name the classes themselves. */
  private Optional<Finding> ownFinding(String key) {
    return classes().stream()
        .filter(name -> Finding.key(name).equals(key))
        .map(Finding::new)
        .findFirst();
  }

  /** {@return the names that a dataset can use, for messages} */
  public String describe() {
    return (isOwn() ? classByName.keySet().stream() : names()).collect(Collectors.joining(", "));
  }

  private Stream<String> names() {
    return Stream.concat(
            classByName.keySet().stream(), Finding.BUILT_IN.stream().map(Finding::name))
        .distinct();
  }

  /**
   * {@return the task with these classes: the given one if they are built in}
   *
   * @param builtIn the task without classes of one's own
   * @param positiveClass the positive class; by default the second of two, and all but the first of
   *     more
   * @throws IllegalArgumentException if the positive class is not one of the classes but the first
   */
  public Task task(Task builtIn, Optional<String> positiveClass) {
    if (!isOwn()) {
      return builtIn;
    }
    if (builtIn.isAnomaly()) {
      return Task.anomaly(classes());
    }
    positiveClass.ifPresent(
        positive -> {
          if (classes().indexOf(positive) < 1) {
            throw new IllegalArgumentException(
                "expected a positive class of %s, found '%s'"
                    .formatted(classes().subList(1, classes().size()), positive));
          }
        });
    return Task.classification(classes(), positiveClass);
  }

  /** {@return the form that {@link #parse} reads} */
  @Override
  public String toString() {
    return classByName.isEmpty()
        ? "none"
        : classByName.entrySet().stream()
            .map(
                entry ->
                    entry.getKey().equals(entry.getValue())
                        ? entry.getKey()
                        : entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(","));
  }
}
