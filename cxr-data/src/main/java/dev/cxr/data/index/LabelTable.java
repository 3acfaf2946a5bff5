package dev.cxr.data.index;

import dev.cxr.common.cli.FirstFew;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVRecord;

/**
 * A published table with several labels for each image, read into the classes of {@link
 * DatasetOptions} by their {@link LabelPolicy}.
 *
 * <p>Images are looked for by their file name at any depth below the folder of the table. Rows
 * without an image are left out, because many people have a part of these datasets only.
 */
final class LabelTable {

  private static final String PATIENT_IN_PATH = "(?i)patient\\d+";

  /** The tables, with the columns that identify them. */
  private enum Kind {
    /** One column with all labels. */
    CHEST_XRAY_14("NIH ChestX-ray14", "Image Index", "Finding Labels"),
    /** A column for each label: 1 stated, 0 denied, -1 uncertain, empty not mentioned. */
    CHEXPERT("CheXpert", "Path", "No Finding"),
    /** A row for each opacity of a patient. */
    RSNA("RSNA Pneumonia Detection Challenge", "patientId", "Target");

    private final String title;
    private final String imageColumn;
    private final String labelColumn;

    Kind(String title, String imageColumn, String labelColumn) {
      this.title = title;
      this.imageColumn = imageColumn;
      this.labelColumn = labelColumn;
    }

    boolean matches(Collection<String> header) {
      return header.contains(imageColumn) && header.contains(labelColumn);
    }
  }

  /** Why an image is left out. */
  private enum Reason {
    NO_FILE("without an image file"),
    LATERAL("with a lateral view"),
    NO_CLASS("without a label of a class"),
    SEVERAL_CLASSES("with labels of several classes"),
    UNCERTAIN("with an uncertain label"),
    SEVERAL_LABELS("with other labels than one");

    private final String text;

    Reason(String text) {
      this.text = text;
    }
  }

  /** What the rows of an image state. */
  private record Entry(
      String path,
      String patient,
      Optional<Split> split,
      boolean lateral,
      Set<String> labels,
      Set<String> uncertain) {}

  private final Kind kind;
  private final Path file;
  private final DatasetOptions options;
  private final LabelPolicy policy;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<Reason, List<String>> leftOut = new EnumMap<>(Reason.class);

  private LabelTable(Kind kind, Path file, DatasetOptions options, LabelPolicy policy) {
    this.kind = kind;
    this.file = file;
    this.options = options;
    this.policy = policy;
  }

  /**
   * Opens a table.
   *
   * @param header the names of its columns
   * @return the table without rows; empty if it is none of these
   * @throws UserErrorException if the options name no policy
   */
  static Optional<LabelTable> open(Collection<String> header, Path file, DatasetOptions options) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.matches(header))
        .findFirst()
        .map(kind -> new LabelTable(kind, file, options, requirePolicy(kind, file, options)));
  }

  private static LabelPolicy requirePolicy(Kind kind, Path file, DatasetOptions options) {
    String example =
        kind == Kind.RSNA ? "0=NORMAL,1=PNEUMONIA" : "No Finding=NORMAL,Pneumonia=PNEUMONIA";
    return options
        .labelPolicy()
        .filter(policy -> !options.classNames().equals(ClassNames.BUILT_IN))
        .orElseThrow(
            () ->
                UsageErrorException.of(
                    "--classes and --label-policy for a table with several labels per image",
                    "%s in %s without both".formatted(kind.title, file),
                    "Choose the labels that are classes and how to decide between them, such as --classes '%s' --label-policy any."
                        .formatted(example)));
  }

  void add(CSVRecord row) {
    switch (kind) {
      case CHEST_XRAY_14 -> {
        Entry entry =
            entry(
                row.get(kind.imageColumn), row.isMapped("Patient ID") ? row.get("Patient ID") : "");
        for (String label : row.get(kind.labelColumn).split("\\|", -1)) {
          entry.labels.add(label.strip());
        }
      }
      case CHEXPERT -> addLabelColumns(row);
      case RSNA -> {
        Entry entry = entry(row.get(kind.imageColumn), row.get(kind.imageColumn));
        entry.labels.add(row.get(kind.labelColumn).strip());
        if (entry.labels.contains("1")) {
          entry.labels.remove("0"); // one opacity is enough
        }
      }
    }
  }

  private Entry entry(String path, String patient) {
    return entries.computeIfAbsent(
        path,
        key -> new Entry(path, patient, Optional.empty(), false, new TreeSet<>(), new TreeSet<>()));
  }

  private void addLabelColumns(CSVRecord row) {
    String path = row.get(kind.imageColumn).replace('\\', '/');
    List<String> folders = List.of(path.split("/", -1));
    Entry entry =
        new Entry(
            path,
            folders.stream().filter(f -> f.matches(PATIENT_IN_PATH)).findFirst().orElse(""),
            folders.stream().map(Split::fromFolderName).flatMap(Optional::stream).findFirst(),
            row.isMapped("Frontal/Lateral") && row.get("Frontal/Lateral").equals("Lateral"),
            new TreeSet<>(),
            new TreeSet<>());
    row.toMap()
        .forEach(
            (column, value) -> {
              if (value.matches("1(\\.0*)?")) {
                entry.labels.add(column);
              } else if (value.matches("-1(\\.0*)?")) {
                entry.uncertain.add(column);
              }
            });
    entry.labels.removeAll(Set.of("Age", "Sex", "AP/PA"));
    entries.put(path, entry);
  }

  /** Adds the images of the chosen classes; reports what is left out. */
  void addTo(DatasetIndexBuilder builder) throws IOException {
    Function<Entry, Optional<FoundImage>> files = imageFiles();
    int added = 0;
    for (Entry entry : entries.values()) {
      Optional<FoundImage> image = files.apply(entry);
      if (image.isEmpty()) {
        leaveOut(entry, Reason.NO_FILE);
        continue;
      }
      Optional<Finding> finding = entry.lateral ? leaveOut(entry, Reason.LATERAL) : decide(entry);
      if (finding.isPresent()) {
        added++;
        builder.add(
            image.get().name(),
            new FileSource(image.get().path(), options.window()),
            finding.get(),
            builder.patient(entry.patient),
            entry.split.orElse(Split.TRAIN));
      }
    }
    String summary =
        "The table of %s is read with the label policy '%s': %d images in classes, left out %s."
            .formatted(
                kind.title,
                policy,
                added,
                leftOut.isEmpty()
                    ? "none"
                    : leftOut.entrySet().stream()
                        .map(entry -> entry.getValue().size() + " " + entry.getKey().text)
                        .collect(Collectors.joining(", ")));
    if (added == 0) {
      throw UserErrorException.of(
          "images of the classes %s below the folder of %s"
              .formatted(options.classNames().describe(), file),
          summary,
          "Put the images beside the table, or choose other classes of its labels: %s."
              .formatted(
                  FirstFew.of(
                      entries.values().stream()
                          .flatMap(entry -> entry.labels.stream())
                          .distinct()
                          .sorted()
                          .toList())));
    }
    builder.addNotice(summary);
    leftOut.forEach(
        (reason, paths) ->
            paths.forEach(path -> builder.leaveOut(path, "an image " + reason.text)));
  }

  private Optional<Finding> decide(Entry entry) {
    if (policy == LabelPolicy.SINGLE && entry.labels.size() + entry.uncertain.size() != 1) {
      return leaveOut(entry, Reason.SEVERAL_LABELS);
    }
    Set<Finding> stated = findings(entry.labels);
    Set<Finding> uncertain = findings(entry.uncertain);
    if (policy == LabelPolicy.ANY_UNCERTAIN_POSITIVE) {
      stated.addAll(uncertain);
    } else if (policy != LabelPolicy.ANY_UNCERTAIN_NEGATIVE && !uncertain.isEmpty()) {
      return leaveOut(entry, Reason.UNCERTAIN);
    }
    Finding negative =
        options.classNames().isOwn()
            ? new Finding(options.classNames().classes().get(0))
            : Finding.NORMAL;
    Set<Finding> others = new HashSet<>(stated);
    others.remove(negative);
    if (others.size() > 1) {
      return leaveOut(entry, Reason.SEVERAL_CLASSES);
    }
    return stated.isEmpty()
        ? leaveOut(entry, Reason.NO_CLASS)
        : Optional.of(others.isEmpty() ? negative : others.iterator().next());
  }

  private Set<Finding> findings(Set<String> labels) {
    return labels.stream()
        .map(options.classNames()::finding)
        .flatMap(Optional::stream)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private Optional<Finding> leaveOut(Entry entry, Reason reason) {
    leftOut.computeIfAbsent(reason, key -> new ArrayList<>()).add(entry.path);
    return Optional.empty();
  }

  /** Finds the file of an entry: by its path, whose first folders may be missing, or its name. */
  private Function<Entry, Optional<FoundImage>> imageFiles() throws IOException {
    Map<String, List<FoundImage>> byName = new HashMap<>();
    for (FoundImage image :
        ImageFinder.find(file.toAbsolutePath().normalize().resolveSibling("")).images()) {
      byName.computeIfAbsent(key(image.name()), name -> new ArrayList<>()).add(image);
    }
    return entry -> {
      List<FoundImage> candidates = byName.getOrDefault(key(entry.path), List.of());
      return candidates.size() <= 1
          ? candidates.stream().findFirst()
          : candidates.stream().filter(image -> entry.path.endsWith(image.name())).findFirst();
    };
  }

  /** The file name without its ending, which tables and copies write differently. */
  private static String key(String path) {
    return path.substring(path.lastIndexOf('/') + 1)
        .replaceFirst("\\.[A-Za-z]{2,4}$", "")
        .toLowerCase(Locale.ROOT);
  }
}
