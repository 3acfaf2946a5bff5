package dev.cxr.data.catalogue;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.catalogue.PixelSource.ImageFile;
import dev.cxr.data.image.Dicom;
import dev.cxr.data.image.ImageRefusedException;
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
 * pictures does not change, and are then numbered as they come: nothing of a header is kept.
 */
final class DicomCatalogue {

  private static final int DEEPEST = 16;

  /** No {@code abnormal}. */
  private static final Pattern NORMAL =
      Pattern.compile("(?<![a-z])normal", Pattern.CASE_INSENSITIVE);

  private final Path root;
  private final Assembly found = new Assembly();
  private boolean splits;

  private DicomCatalogue(Path root) {
    this.root = root;
  }

  /**
   * Reads the folder.
   *
   * @throws UserErrorException if it holds no DICOM file with a finding
   */
  static Catalogue read(Path root, ValidationRule rule) throws IOException {
    return new DicomCatalogue(root).read(rule);
  }

  /** Whether there is a DICOM file in the folder or below. */
  static boolean isIn(Path folder) throws IOException {
    for (Path file : files(folder)) {
      if (!isLinkedFolder(file) && Dicom.isDicom(file)) {
        return true;
      }
    }
    return false;
  }

  private Catalogue read(ValidationRule rule) throws IOException {
    for (Path file : files(root)) {
      add(file);
    }
    if (found.isEmpty()) {
      throw UserErrorException.of(
          "a folder of DICOM files, each below a folder NORMAL or PNEUMONIA",
          root + " without such a file",
          "Sort the files into such folders, or name them with their findings in a .csv manifest.");
    }
    if (!splits) {
      found.note("The collection has no splits: all its pictures are for training.");
    }
    return numbered(found.catalogue(root, PatientSource.STATED, rule));
  }

  /** A hash of a short number can be undone by trying all of them, so none leaves this class. */
  private static Catalogue numbered(Catalogue catalogue) {
    Map<String, String> numbers = new HashMap<>();
    return catalogue.keeping(
        catalogue.xrays().stream()
            .map(
                xray ->
                    xray.patient().equals(xray.id())
                        ? xray
                        : xray.of(
                            numbers.computeIfAbsent(
                                xray.patient(), hash -> "patient-" + (numbers.size() + 1))))
            .toList(),
        List.of());
  }

  private void add(Path file) throws IOException {
    String id = root.relativize(file).toString().replace('\\', '/');
    Optional<Finding> finding = finding(file);
    if (finding.isEmpty() || isLinkedFolder(file) || !Dicom.isDicom(file)) {
      found.ignore(id);
      return;
    }
    Optional<Split> split = split(file);
    splits |= split.isPresent();
    found.add(id, new ImageFile(file), finding.get(), patient(file), split.orElse(Split.TRAIN));
  }

  private Optional<Finding> finding(Path file) {
    String name = file.getFileName().toString();
    for (String folder : foldersAbove(file)) {
      Optional<Finding> named = Finding.named(folder);
      if (named.isPresent()) {
        return named.map(f -> f == Finding.PNEUMONIA ? Finding.pneumoniaOf(name) : f);
      }
    }
    if (NORMAL.matcher(name).find()) {
      return Optional.of(Finding.NORMAL);
    }
    Finding pneumonia = Finding.pneumoniaOf(name);
    boolean told =
        pneumonia != Finding.PNEUMONIA || name.toLowerCase(Locale.ROOT).contains("pneumonia");
    return told ? Optional.of(pneumonia) : Optional.empty();
  }

  private Optional<Split> split(Path file) {
    return foldersAbove(file).stream().map(Split::ofFolder).flatMap(Optional::stream).findFirst();
  }

  /** Their names within the collection, the innermost first. */
  private List<String> foldersAbove(Path file) {
    List<String> names = new ArrayList<>();
    root.relativize(file).forEach(name -> names.add(0, name.toString()));
    return names.subList(1, names.size());
  }

  private static Optional<String> patient(Path file) throws IOException {
    try {
      return Dicom.patientId(file).map(id -> "dicom-" + Sha256.hex(id));
    } catch (ImageRefusedException e) {
      return Optional.empty(); // a header that does not read: its pixels will be refused by name
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    // A link at the top is followed, as the shell does; one below could lead round in a circle.
    Path top = folder.toRealPath();
    try (Stream<Path> walk = Files.walk(top, DEEPEST)) {
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
