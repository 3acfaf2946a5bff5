package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.Dicom;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a folder of DICOM files as a PACS exports it: of any names, nested as deep as studies and
 * series are.
 *
 * <p>A file's finding is that of the innermost folder above it that is named after one ({@code
 * NORMAL}, {@code PNEUMONIA}, {@code BACTERIAL_PNEUMONIA}, {@code VIRAL_PNEUMONIA}), else what its
 * name tells; its split that of a folder {@code train}, {@code val} or {@code test}, without which
 * all is for training. Patients are drawn into splits by a hash of the Patient ID, which adding
 * images does not change, and are then numbered as they come: nothing of a header is kept.
 */
final class DicomFolderReader {

  private static final int MAX_DEPTH = 16;

  /** No {@code abnormal}. */
  private static final Pattern NORMAL =
      Pattern.compile("(?<![a-z])normal", Pattern.CASE_INSENSITIVE);

  private final Path root;
  private final DatasetIndexBuilder builder = new DatasetIndexBuilder();
  private boolean hasSplits;

  private DicomFolderReader(Path root) {
    this.root = root;
  }

  /**
   * Reads the folder.
   *
   * @throws UserErrorException if it holds no DICOM file with a finding
   */
  static DatasetIndex read(Path root, ValidationSplitRule rule) throws IOException {
    return new DicomFolderReader(root).read(rule);
  }

  /** Whether there is a DICOM file in the folder or below. */
  static boolean isDicomFolder(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!isLinkedFolder(file) && Dicom.isDicom(file)) {
        return true;
      }
    }
    return false;
  }

  private DatasetIndex read(ValidationSplitRule rule) throws IOException {
    for (Path file : files(root)) {
      addFile(file);
    }
    if (builder.isEmpty()) {
      throw UserErrorException.of(
          "a folder of DICOM files, each below a folder NORMAL or PNEUMONIA",
          root + " without such a file",
          "Sort the files into such folders, or name them with their findings in a .csv manifest.");
    }
    if (!hasSplits) {
      builder.addNotice("The collection has no splits: all its images are for training.");
    }
    return withNumberedPatients(builder.build(root, PatientIdSource.METADATA, rule));
  }

  /** A hash of a short number can be undone by trying all of them, so none leaves this class. */
  private static DatasetIndex withNumberedPatients(DatasetIndex catalogue) {
    Map<String, String> numbers = new HashMap<>();
    return catalogue.withXrays(
        catalogue.xrays().stream()
            .map(
                xray ->
                    xray.patient().equals(xray.id())
                        ? xray
                        : xray.withPatient(
                            numbers.computeIfAbsent(
                                xray.patient(), hash -> "patient-" + (numbers.size() + 1))))
            .toList(),
        List.of());
  }

  private void addFile(Path file) throws IOException {
    String id = root.relativize(file).toString().replace('\\', '/');
    Optional<Finding> finding = findingOf(file);
    if (finding.isEmpty() || isLinkedFolder(file) || !Dicom.isDicom(file)) {
      builder.ignore(id);
      return;
    }
    Optional<Split> split = splitOf(file);
    hasSplits |= split.isPresent();
    builder.add(
        id, new FileSource(file), finding.get(), hashedPatientId(file), split.orElse(Split.TRAIN));
  }

  private Optional<Finding> findingOf(Path file) {
    String name = file.getFileName().toString();
    for (String folder : foldersAbove(file)) {
      Optional<Finding> named = Finding.parse(folder);
      if (named.isPresent()) {
        return named.map(f -> f == Finding.PNEUMONIA ? Finding.pneumoniaFromFileName(name) : f);
      }
    }
    if (NORMAL.matcher(name).find()) {
      return Optional.of(Finding.NORMAL);
    }
    Finding pneumonia = Finding.pneumoniaFromFileName(name);
    boolean namesPneumonia =
        pneumonia != Finding.PNEUMONIA || name.toLowerCase(Locale.ROOT).contains("pneumonia");
    return namesPneumonia ? Optional.of(pneumonia) : Optional.empty();
  }

  private Optional<Split> splitOf(Path file) {
    return foldersAbove(file).stream()
        .map(Split::fromFolderName)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Their names within the collection, the innermost first. */
  private List<String> foldersAbove(Path file) {
    List<String> names = new ArrayList<>();
    root.relativize(file).forEach(name -> names.add(0, name.toString()));
    return names.subList(1, names.size());
  }

  private static Optional<String> hashedPatientId(Path file) throws IOException {
    try {
      return Dicom.patientId(file).map(id -> "dicom-" + Sha256.hex(id));
    } catch (InvalidImageException e) {
      return Optional.empty(); // a header that does not read: its pixels will be refused by name
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    // A link at the top is followed, as the shell does; one below could lead round in a circle.
    Path top = folder.toRealPath();
    try (Stream<Path> walk = Files.walk(top, MAX_DEPTH)) {
      return walk.filter(path -> Files.isRegularFile(path) || isLinkedFolder(path))
          .map(path -> folder.resolve(top.relativize(path)))
          .sorted()
          .toList();
    }
  }

  private static boolean isLinkedFolder(Path path) {
    return Files.isSymbolicLink(path) && Files.isDirectory(path);
  }
}
