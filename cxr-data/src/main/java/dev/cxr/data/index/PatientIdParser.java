package dev.cxr.data.index;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses patient id and cause from a file name of the dataset of Kermany et al.
 *
 * <p>Kaggle's edition: {@code person17_bacteria_56.jpeg} is patient {@code person17}, {@code
 * IM-0115-0001.jpeg} is {@code IM-0115}, {@code NORMAL2-IM-0381-0001.jpeg} is {@code
 * NORMAL2-IM-0381}. Mendeley's edition: {@code BACTERIA-1008087-0001.jpeg} is {@code 1008087}. The
 * id does not contain the finding, because one person can have a normal and an abnormal image, and
 * ignores case.
 */
final class PatientIdParser {

  private static final Pattern NAME =
      Pattern.compile(
          "(?<kaggle>person\\d+)(?!\\d).*"
              + "|(?<normal>(NORMAL2-)?IM-\\d{4})(?!\\d).*"
              + "|(BACTERIA|VIRUS|NORMAL|PNEUMONIA)-(?<mendeley>\\d+)-.*",
          Pattern.CASE_INSENSITIVE);

  private PatientIdParser() {}

  /** The pneumonia whose cause is part of the file name. */
  static Finding pneumonia(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.contains("bacteria")) {
      return Finding.BACTERIAL_PNEUMONIA;
    }
    return name.contains("virus") ? Finding.VIRAL_PNEUMONIA : Finding.PNEUMONIA;
  }

  /** The patient id, or empty if the name has none of the known forms. */
  static Optional<String> parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    if (matcher.group("kaggle") != null) {
      return Optional.of(matcher.group("kaggle").toLowerCase(Locale.ROOT));
    }
    if (matcher.group("normal") != null) {
      return Optional.of(matcher.group("normal").toUpperCase(Locale.ROOT));
    }
    return Optional.of(matcher.group("mendeley"));
  }
}
