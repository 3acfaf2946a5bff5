package dev.cxr.data.index;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.DicomMetadata;
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
 * Reads a folder of DICOM files as a PACS exports it: with any file names, nested by study and
 * series.
 *
 * <p>The innermost folder named after a finding ({@code NORMAL}, {@code PNEUMONIA}, {@code
 * BACTERIAL_PNEUMONIA}, {@code VIRAL_PNEUMONIA}) gives the finding of a file, otherwise its file
 * name does. A folder {@code train}, {@code val} or {@code test} gives its split; without one it is
 * for training. Splits use a hash of the Patient ID, so that added images move no patient. Patients
 * are then numbered: the index contains nothing from a header.
 */
final class DicomFolderReader {

  private static final int MAX_DEPTH = 16;

  /** Does not match {@code abnormal}. */
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
   * @throws UserErrorException if it contains no DICOM file with a finding
   */
  static DatasetIndex read(Path root, DatasetOptions options) throws IOException {
    return new DicomFolderReader(root).read(options);
  }

  /** Whether the folder contains a DICOM file, at any depth. */
  static boolean isDicomFolder(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!isLinkedFolder(file) && DicomMetadata.isDicom(file)) {
        return true;
      }
    }
    return false;
  }

  private DatasetIndex read(DatasetOptions options) throws IOException {
    for (Path file : files(root)) {
      addFile(file);
    }
    if (builder.isEmpty()) {
      throw UserErrorException.of(
          "a folder of DICOM files, each below a folder NORMAL or PNEUMONIA",
          root + " without such a file",
          "Sort the files into such folders, or list them with their findings in a .csv manifest.");
    }
    if (!hasSplits) {
      builder.addNotice("The dataset has no splits: all its images are for training.");
    }
    return withNumberedPatients(builder.build(root, PatientIdSource.METADATA, options));
  }

  /** The hash of a short id can be reversed by trying all ids, so no hash leaves this class. */
  private static DatasetIndex withNumberedPatients(DatasetIndex index) {
    Map<String, String> numbers = new HashMap<>();
    return index.withXrays(
        index.xrays().stream()
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
    if (finding.isEmpty() || isLinkedFolder(file) || !DicomMetadata.isDicom(file)) {
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
        return named.map(f -> f.equals(Finding.PNEUMONIA) ? PatientIdParser.pneumonia(name) : f);
      }
    }
    if (NORMAL.matcher(name).find()) {
      return Optional.of(Finding.NORMAL);
    }
    Finding pneumonia = PatientIdParser.pneumonia(name);
    boolean namesPneumonia =
        !pneumonia.equals(Finding.PNEUMONIA) || name.toLowerCase(Locale.ROOT).contains("pneumonia");
    return namesPneumonia ? Optional.of(pneumonia) : Optional.empty();
  }

  private Optional<Split> splitOf(Path file) {
    return foldersAbove(file).stream()
        .map(Split::fromFolderName)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Their names below the root, the innermost first. */
  private List<String> foldersAbove(Path file) {
    List<String> names = new ArrayList<>();
    root.relativize(file).forEach(name -> names.add(0, name.toString()));
    return names.subList(1, names.size());
  }

  private static Optional<String> hashedPatientId(Path file) throws IOException {
    try {
      return DicomMetadata.patientId(file).map(id -> "dicom-" + Sha256.hex(id));
    } catch (InvalidImageException e) {
      return Optional.empty(); // decoding the pixels will report the invalid header
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    // Follows a link to the root only: links below it could form a cycle.
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
