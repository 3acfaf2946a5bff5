package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * Reads a manifest: a CSV file (RFC 4180, UTF-8, or as {@link ManifestText} allows) with the header
 * {@code path,finding[,patient][,split]}, columns in any order. Blank rows are skipped.
 *
 * <p>Paths are relative to the manifest's folder; backslashes in them are read as {@code /} if
 * there is no such file otherwise. Findings are those of {@link Finding}, splits {@code train},
 * {@code val} or {@code test}, both in any case. Without a patient column, patients come from file
 * names; without a split column, all images are for training.
 */
final class CsvManifestReader {

  private static final long MAX_BYTES = 64L << 20;
  private static final Set<String> COLUMNS = Set.of("path", "finding", "patient", "split");
  private static final int MAX_SHOWN_PROBLEMS = 5;
  private static final int MAX_SHOWN_CHARS = 200;

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
  private final DatasetOptions options;
  private final DatasetIndexBuilder builder = new DatasetIndexBuilder();
  private final List<String> problems = new ArrayList<>();
  private final Map<Path, Long> lineByFile = new HashMap<>();
  private int blankRows;
  private int ignoredRows;
  private int backslashedPaths;

  private CsvManifestReader(Path manifest, DatasetOptions options) {
    this.manifest = manifest;
    this.options = options;
  }

  /**
   * Reads the manifest.
   *
   * @throws UserErrorException if it is invalid; names the first invalid lines
   */
  static DatasetIndex read(Path manifest, DatasetOptions options) throws IOException {
    return new CsvManifestReader(manifest, options).read();
  }

  private DatasetIndex read() throws IOException {
    if (Files.size(manifest) > MAX_BYTES) {
      throw invalidManifest(
          "%d bytes instead of at most %d".formatted(Files.size(manifest), MAX_BYTES));
    }
    ManifestText text = ManifestText.read(manifest);
    text.notices().forEach(builder::addNotice);
    Set<String> columns = Set.of();
    CSVFormat format = FORMAT.builder().setDelimiter(text.delimiter()).get();
    try (CSVParser parser = format.parse(new StringReader(text.text()))) {
      Optional<LabelTable> table = LabelTable.open(parser.getHeaderNames(), manifest, options);
      if (table.isEmpty()) {
        columns = readColumns(parser);
      }
      for (CSVRecord row : parser) {
        // The line where the row ends; quoted line breaks are rare in a manifest.
        if (row.stream().allMatch(String::isBlank)) {
          blankRows++;
        } else if (table.isPresent() && row.isConsistent()) {
          table.get().add(row);
        } else {
          addRow(row, parser.getCurrentLineNumber(), columns);
        }
      }
      if (table.isPresent()) {
        table.get().addTo(builder);
      }
    } catch (CSVException | IllegalArgumentException | UncheckedIOException e) {
      throw invalidManifest("text that is not CSV (%s)".formatted(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw UserErrorException.of(
          "an existing image and a known finding in each row of " + manifest,
          problems(),
          "Correct these lines: findings are %s (others with --classes), splits train, val and test."
              .formatted(options.classNames().describe()));
    }
    if (builder.isEmpty()) {
      throw invalidManifest("no rows");
    }
    addNotice("Ignored on request: %d rows of the manifest.", ignoredRows);
    addNotice("Blank rows of the manifest skipped: %d.", blankRows);
    addNotice("Paths of the manifest with backslashes, read as '/': %d.", backslashedPaths);
    return builder.build(
        manifest,
        columns.contains("patient") || columns.isEmpty()
            ? PatientIdSource.METADATA
            : PatientIdSource.FILE_NAMES,
        options);
  }

  private void addNotice(String notice, int count) {
    if (count > 0) {
      builder.addNotice(notice.formatted(count));
    }
  }

  private Set<String> readColumns(CSVParser parser) {
    Set<String> columns = new HashSet<>();
    for (String name : parser.getHeaderNames()) {
      String column = name.toLowerCase(Locale.ROOT);
      // Ignoring a misspelt 'patient' would put images of one patient into several splits.
      if (!COLUMNS.contains(column) || !columns.add(column)) {
        throw invalidManifest("the column '%s'".formatted(printable(name)));
      }
    }
    if (!columns.contains("path") || !columns.contains("finding")) {
      throw invalidManifest(
          "the header %s".formatted(printable(String.join(",", parser.getHeaderNames()))));
    }
    return columns;
  }

  private void addRow(CSVRecord row, long line, Set<String> columns) {
    if (!row.isConsistent()) {
      addProblem(line, "%d fields instead of %d".formatted(row.size(), columns.size()));
      return;
    }
    String path = row.get("path");
    Optional<Path> file = resolveFile(path);
    if (file.isEmpty() && path.indexOf('\\') >= 0) {
      String slashed = path.replace('\\', '/');
      file = resolveFile(slashed);
      if (file.isPresent()) {
        path = slashed;
        backslashedPaths++;
      }
    }
    String key = Finding.key(row.get("finding"));
    if (options.ignored().stream().anyMatch(ignored -> Finding.key(ignored).equals(key))) {
      ignoredRows++;
      builder.leaveOut(row.get("path"), "ignored on request");
      return;
    }
    Optional<Finding> finding = options.classNames().finding(row.get("finding"));
    Optional<Split> split =
        columns.contains("split")
            ? Split.fromFolderName(row.get("split"))
            : Optional.of(Split.TRAIN);
    Long firstLine = file.map(f -> lineByFile.putIfAbsent(f, line)).orElse(null);
    if (file.isEmpty()) {
      addProblem(line, "no file at '%s'".formatted(printable(path)));
    } else if (firstLine != null) {
      addProblem(line, "the same file as in line %d".formatted(firstLine));
    } else if (finding.isEmpty()) {
      addProblem(line, "the finding '%s'".formatted(printable(row.get("finding"))));
    } else if (split.isEmpty()) {
      addProblem(line, "the split '%s'".formatted(printable(row.get("split"))));
    } else {
      Optional<String> patient =
          columns.contains("patient")
              ? builder.patient(row.get("patient"))
              : PatientIdParser.parse(file.get().getFileName().toString());
      builder.add(
          path, new FileSource(file.get(), options.window()), finding.get(), patient, split.get());
    }
  }

  private Optional<Path> resolveFile(String path) {
    try {
      Path file = manifest.toAbsolutePath().resolveSibling(path).normalize();
      return Optional.of(file).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      if (e.getReason().contains("unmappable")) { // for this locale: every such row would fail
        throw e;
      }
      return Optional.empty();
    }
  }

  private void addProblem(long line, String what) {
    problems.add("line %d: %s".formatted(line, what));
  }

  private String problems() {
    int more = problems.size() - MAX_SHOWN_PROBLEMS;
    return problems.stream().limit(MAX_SHOWN_PROBLEMS).collect(Collectors.joining("; "))
        + (more > 0 ? "; and %d more".formatted(more) : "");
  }

  /** An unclosed field is as long as the file and can contain terminal control characters. */
  private static String printable(String field) {
    String first =
        field.length() > MAX_SHOWN_CHARS ? field.substring(0, MAX_SHOWN_CHARS) + "…" : field;
    return first.replaceAll("\\p{Cntrl}", "?");
  }

  private UserErrorException invalidManifest(String what) {
    return UserErrorException.of(
        "a CSV manifest with the header path,finding[,patient][,split]",
        "%s in %s".formatted(what, manifest),
        "Correct the file: it needs the header and one row for each image.");
  }
}
