package dev.cxr.data.catalogue;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a manifest: a CSV file (RFC 4180, UTF-8) with the header {@code
 * path,finding[,patient][,split]}, its columns in any order.
 *
 * <p>Paths are relative to the manifest's folder. Findings are those of {@link Finding}, splits
 * {@code train}, {@code val} or {@code test}, both in any case. Without a patient column the file
 * name tells the patient as in a folder; without a split column all is for training.
 */
final class CsvCatalogue {

  private static final long MOST_BYTES = 64L << 20;
  private static final Set<String> COLUMNS = Set.of("path", "finding", "patient", "split");
  private static final int PROBLEMS_SHOWN = 5;
  private static final int MOST_SHOWN = 200;

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180
          .builder()
          .setHeader()
          .setSkipHeaderRecord(true)
          .setIgnoreHeaderCase(true)
          .setIgnoreEmptyLines(true)
          .setTrim(true)
          .get();

  private final Path manifest;
  private final Assembly found = new Assembly();
  private final List<String> problems = new ArrayList<>();
  private final Map<Path, Long> lines = new HashMap<>();

  private CsvCatalogue(Path manifest) {
    this.manifest = manifest;
  }

  /**
   * Reads the manifest.
   *
   * @throws UserErrorException if it is none; it names the first few lines that cannot be
   */
  static Catalogue read(Path manifest, ValidationRule rule) throws IOException {
    return new CsvCatalogue(manifest).read(rule);
  }

  private Catalogue read(ValidationRule rule) throws IOException {
    if (Files.size(manifest) > MOST_BYTES) {
      throw refusal("one of %d bytes".formatted(Files.size(manifest)));
    }
    Set<String> columns;
    try (CSVParser parser = FORMAT.parse(new StringReader(text()))) {
      columns = columns(parser);
      for (CSVRecord row : parser) {
        // Where the row ends: quoted line breaks are rare in a manifest.
        add(row, parser.getCurrentLineNumber(), columns);
      }
    } catch (CSVException | IllegalArgumentException | UncheckedIOException e) {
      throw refusal("one that does not read as CSV (%s)".formatted(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw UserErrorException.of(
          "rows of an existing picture and a known finding each in " + manifest,
          problems(),
          "Mend the manifest: findings are %s, splits train, val and test."
              .formatted(String.join(", ", findings())));
    }
    if (found.isEmpty()) {
      throw refusal("one without rows");
    }
    return found.catalogue(
        manifest,
        columns.contains("patient") ? PatientSource.STATED : PatientSource.FILE_NAMES,
        rule);
  }

  /** Spreadsheets put a byte order mark before the header. */
  private String text() throws IOException {
    try {
      String text = Files.readString(manifest);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw refusal("one that is not UTF-8");
    }
  }

  private Set<String> columns(CSVParser parser) {
    Set<String> columns = new HashSet<>();
    for (String name : parser.getHeaderNames()) {
      String column = name.toLowerCase(Locale.ROOT);
      // A misspelt 'patient' that is passed over would let patients straddle the splits.
      if (!COLUMNS.contains(column) || !columns.add(column)) {
        throw refusal("the column '%s'".formatted(shown(name)));
      }
    }
    if (!columns.contains("path") || !columns.contains("finding")) {
      throw refusal("the header %s".formatted(shown(String.join(",", parser.getHeaderNames()))));
    }
    return columns;
  }

  private void add(CSVRecord row, long line, Set<String> columns) {
    if (!row.isConsistent()) {
      problem(line, "%d fields instead of %d".formatted(row.size(), columns.size()));
      return;
    }
    String path = row.get("path");
    Optional<Path> file = file(path);
    Optional<Finding> finding = Finding.named(row.get("finding"));
    Optional<Split> split =
        columns.contains("split") ? Split.ofFolder(row.get("split")) : Optional.of(Split.TRAIN);
    Long before = file.map(f -> lines.putIfAbsent(f, line)).orElse(null);
    if (file.isEmpty()) {
      problem(line, "no file at '%s'".formatted(shown(path)));
    } else if (before != null) {
      problem(line, "the file of line %d again".formatted(before));
    } else if (finding.isEmpty()) {
      problem(line, "the finding '%s'".formatted(shown(row.get("finding"))));
    } else if (split.isEmpty()) {
      problem(line, "the split '%s'".formatted(shown(row.get("split"))));
    } else {
      Optional<String> patient =
          columns.contains("patient")
              ? Optional.of(row.get("patient")).filter(name -> !name.isEmpty())
              : PatientGroup.ofFileName(file.get().getFileName().toString());
      found.add(path, new ImageFile(file.get()), finding.get(), patient, split.get());
    }
  }

  private Optional<Path> file(String path) {
    try {
      Path file = manifest.toAbsolutePath().resolveSibling(path).normalize();
      return Optional.of(file).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private void problem(long line, String what) {
    problems.add("line %d: %s".formatted(line, what));
  }

  private String problems() {
    String first =
        String.join("; ", problems.subList(0, Math.min(PROBLEMS_SHOWN, problems.size())));
    int more = problems.size() - PROBLEMS_SHOWN;
    return more > 0 ? first + "; and %d more".formatted(more) : first;
  }

  /** A field that was never closed is as long as the file, and may hold what steers a terminal. */
  private static String shown(String field) {
    String first = field.substring(0, Math.min(MOST_SHOWN, field.length()));
    return first.replaceAll("\\p{Cntrl}", "?") + (first.length() < field.length() ? "…" : "");
  }

  private static List<String> findings() {
    return Arrays.stream(Finding.values()).map(Finding::name).toList();
  }

  private UserErrorException refusal(String what) {
    return UserErrorException.of(
        "a CSV manifest with the header path,finding and, if you like, patient and split",
        "%s in %s".formatted(what, manifest),
        "Mend the file; every row is one picture.");
  }
}
