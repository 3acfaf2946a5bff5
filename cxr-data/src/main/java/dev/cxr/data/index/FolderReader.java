package dev.cxr.data.index;

import dev.cxr.common.cli.FirstFew;
import dev.cxr.common.cli.SuggestedCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.Sha256;
import dev.cxr.data.image.DicomMetadata;
import dev.cxr.data.image.FoundImage;
import dev.cxr.data.image.FoundImages;
import dev.cxr.data.image.ImageFinder;
import dev.cxr.data.image.InvalidImageException;
import dev.cxr.data.index.ImageSource.FileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads a folder of images that are sorted into folders of their class, as published by Kaggle and
 * Mendeley, or as a PACS exports them: with any file names, nested by study and series.
 *
 * <p>The innermost folder named after a class gives the finding of an image, and the innermost
 * folder named after a split its split; without any split all images are for training. DICOM files
 * without such a folder are classified by their name. If a folder contains DICOM and other images,
 * the more frequent kind is read, DICOM if they are equally many: the others are previews.
 *
 * <p>Images in folders that name neither class nor split are an error, unless they are ignored.
 *
 * <p>Patients come from file names, of DICOM files from a hash of the Patient ID, so that added
 * images move no patient. They are then numbered: the index contains nothing from a header.
 */
final class FolderReader {

  /** Does not match {@code abnormal}. */
  private static final Pattern NORMAL =
      Pattern.compile("(?<![a-z])normal", Pattern.CASE_INSENSITIVE);

  private static final int MAX_SHOWN = 8;

  /** Keys of names that usually mean that nothing was found. */
  private static final Set<String> NEGATIVE_NAMES =
      Set.of("NORMAL", "HEALTHY", "NEGATIVE", "CONTROL", "NO_FINDING", "NONE", "CLEAR");

  /** Begins the hash of a Patient ID. */
  private static final String HASH = "dicom-";

  private final Path root;
  private final DatasetOptions options;
  private final DatasetIndexBuilder builder = new DatasetIndexBuilder();

  private FolderReader(Path root, DatasetOptions options) {
    this.root = root;
    this.options = options;
  }

  /** An image with what the names above it say. */
  private record Named(
      FoundImage image, Optional<Finding> finding, Optional<Split> split, List<String> folders) {}

  /** Reads the kind of images that is more frequent. */
  static DatasetIndex read(Path root, DatasetOptions options) throws IOException {
    FoundImages found = find(root);
    long dicom = found.images().stream().filter(FoundImage::isDicom).count();
    return new FolderReader(root, options)
        .read(found, dicom > 0 && 2 * dicom >= found.images().size());
  }

  /** Reads only DICOM files, or only the others. */
  static DatasetIndex read(Path root, DatasetOptions options, boolean dicom) throws IOException {
    return new FolderReader(root, options).read(find(root), dicom);
  }

  private static FoundImages find(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      throw invalidFolder(Files.exists(root) ? "the file " + root : "nothing at " + root);
    }
    return ImageFinder.find(root);
  }

  private DatasetIndex read(FoundImages found, boolean dicom) throws IOException {
    List<FoundImage> images = selectKind(found.images(), dicom);
    if (images.isEmpty()) {
      throw invalidFolder(
          "no %s image in %s%s"
              .formatted(
                  dicom ? "DICOM" : "JPEG, PNG or TIFF",
                  root,
                  found.summary().map(summary -> " (" + summary + ")").orElse("")));
    }
    List<Named> named = selectFolders(withoutCopies(images)).stream().map(this::named).toList();
    boolean hasSplits = named.stream().anyMatch(n -> n.finding.isPresent() && n.split.isPresent());
    requireKnownFolders(named, hasSplits);
    List<String> outside = new ArrayList<>();
    for (Named image : named) {
      if (image.finding.isEmpty()) {
        outside.add(image.image.name());
        continue;
      }
      builder.add(
          image.image.name(),
          new FileSource(image.image.path(), options.window()),
          image.finding.get(),
          dicom ? hashedPatientId(image.image.path()) : PatientIdParser.parse(fileName(image)),
          image.split.orElse(Split.TRAIN));
    }
    if (!outside.isEmpty()) {
      leaveOut(outside, "outside folders of a class");
    }
    if (!hasSplits) {
      builder.addNotice(
          "The dataset has no splits: all its images are for training. `split` divides them.");
    }
    found.summary().ifPresent(builder::addNotice);
    found.leftOut().stream()
        .filter(entry -> entry.reason() != FoundImages.Reason.EXPECTED)
        .forEach(entry -> builder.leaveOut(entry.name(), entry.describe()));
    return withNumberedPatients(
        builder.build(
            root, dicom ? PatientIdSource.METADATA : PatientIdSource.FILE_NAMES, options));
  }

  private List<FoundImage> selectKind(List<FoundImage> all, boolean dicom) {
    List<FoundImage> selected = all.stream().filter(image -> image.isDicom() == dicom).toList();
    int others = all.size() - selected.size();
    if (others > 0 && !selected.isEmpty()) {
      all.stream()
          .filter(image -> image.isDicom() != dicom)
          .forEach(image -> builder.leaveOut(image.name(), "an image of another format"));
      builder.addNotice(
          "Left out: %s beside %s; --format %s reads them instead."
              .formatted(
                  count(others, dicom ? "JPEG, PNG or TIFF image" : "DICOM image"),
                  count(selected.size(), dicom ? "DICOM image" : "JPEG, PNG or TIFF image"),
                  dicom ? "folder" : "dicom"));
    }
    return selected;
  }

  /** Kaggle's archive contains its folder a second time, within itself. */
  private List<FoundImage> withoutCopies(List<FoundImage> images) throws IOException {
    Map<String, FoundImage> byName = new HashMap<>();
    images.forEach(image -> byName.put(image.name(), image));
    List<FoundImage> kept = new ArrayList<>();
    List<String> copies = new ArrayList<>();
    for (FoundImage image : images) {
      FoundImage original = byName.get(image.name().substring(image.name().indexOf('/') + 1));
      if (original != null
          && !original.equals(image)
          && Files.mismatch(original.path(), image.path()) < 0) {
        copies.add(image.name());
      } else {
        kept.add(image);
      }
    }
    if (!copies.isEmpty()) {
      leaveOut(copies, "that repeat the image of the same name one folder above");
    }
    return kept;
  }

  private List<FoundImage> selectFolders(List<FoundImage> images) {
    List<FoundImage> kept = images;
    for (String entry : options.ignored()) {
      String path = entry.replace('\\', '/').replaceAll("^(\\./)+|/+$", "");
      Map<Boolean, List<FoundImage>> parts =
          kept.stream()
              .collect(
                  Collectors.partitioningBy(
                      image ->
                          folders(image).contains(path) || image.name().startsWith(path + "/")));
      List<FoundImage> ignored = parts.getOrDefault(true, List.of());
      kept = parts.getOrDefault(false, List.of());
      if (ignored.isEmpty()) {
        throw UserErrorException.of(
            "a folder with images below %s for --ignore".formatted(root),
            "none named '%s'".formatted(entry),
            "Give the name of a folder, or omit it.");
      }
      ignored.forEach(image -> builder.leaveOut(image.name(), "ignored on request"));
      builder.addNotice(
          "Ignored on request: %s in %s.".formatted(count(ignored.size(), "image"), path));
    }
    return kept;
  }

  private void leaveOut(List<String> names, String why) {
    names.forEach(name -> builder.leaveOut(name, "an image " + why));
    builder.addNotice(
        "Left out: %s %s (%s).".formatted(count(names.size(), "image"), why, FirstFew.of(names)));
  }

  private Named named(FoundImage image) {
    List<String> folders = folders(image);
    return new Named(
        image,
        finding(image, folders),
        folders.stream().map(Split::fromFolderName).flatMap(Optional::stream).findFirst(),
        folders);
  }

  private Optional<Finding> finding(FoundImage image, List<String> folders) {
    String name = image.name().substring(image.name().lastIndexOf('/') + 1);
    for (String folder : folders) {
      Optional<Finding> finding = options.classNames().finding(folder);
      if (finding.isPresent()) {
        boolean mayStateCause =
            finding.get().equals(Finding.PNEUMONIA) && !options.classNames().isOwn();
        return mayStateCause ? Optional.of(PatientIdParser.pneumonia(name)) : finding;
      }
    }
    if (!image.isDicom() || options.classNames().isOwn()) {
      return Optional.empty();
    }
    if (NORMAL.matcher(name).find()) {
      return Optional.of(Finding.NORMAL);
    }
    Finding pneumonia = PatientIdParser.pneumonia(name);
    boolean namesPneumonia =
        !pneumonia.equals(Finding.PNEUMONIA) || name.toLowerCase(Locale.ROOT).contains("pneumonia");
    return namesPneumonia ? Optional.of(pneumonia) : Optional.empty();
  }

  /** The folders above an image, the innermost first. */
  private static List<String> folders(FoundImage image) {
    List<String> names = new ArrayList<>(Arrays.asList(image.name().split("/", -1)));
    Collections.reverse(names);
    return names.subList(1, names.size());
  }

  private static String fileName(Named image) {
    return String.valueOf(image.image.path().getFileName());
  }

  /** A folder that names neither class nor split could mean either. */
  private void requireKnownFolders(List<Named> images, boolean hasSplits) {
    Map<String, Integer> unknown =
        countByFolder(
            images.stream().filter(image -> image.finding.isEmpty()),
            folder -> Split.fromFolderName(folder).isEmpty());
    List<String> known =
        images.stream()
            .filter(image -> image.finding.isPresent())
            .sorted(Comparator.comparing(image -> image.finding.orElseThrow()))
            .flatMap(image -> image.folders.stream().filter(this::isClass).limit(1))
            .distinct()
            .toList();
    if (images.stream().allMatch(image -> image.finding.isEmpty())) {
      throw UserErrorException.of(
          "images in folders of the classes " + options.classNames().describe(),
          unknown.isEmpty()
              ? "%s in no folder below %s".formatted(count(images.size(), "image"), root)
              : "%s in %s".formatted(describe(unknown), root),
          (unknown.size() > 1
                  ? "Name the classes, the negative one first: --classes %s. Or list"
                      .formatted(classesOption(unknown.keySet().stream()))
                  : "Sort the images into folders of their class, or list")
              + " the images with their findings in a .csv manifest.");
    }
    if (!unknown.isEmpty()) {
      throw UserErrorException.of(
          "images in folders of the classes " + options.classNames().describe(),
          "%s in %s".formatted(describe(unknown), root),
          "Classify them too with --classes %s, or leave them out with %s."
              .formatted(
                  classesOption(Stream.concat(known.stream(), unknown.keySet().stream())),
                  ignoreOptions(unknown)));
    }
    Map<String, Integer> noSplit =
        countByFolder(
            images.stream().filter(image -> hasSplits && image.split.isEmpty()), folder -> true);
    if (!noSplit.isEmpty()) {
      throw UserErrorException.of(
          "all images of a dataset with splits below folders train, val or test",
          "%s in %s".formatted(describe(noSplit), root),
          "Rename these folders, or leave them out with %s.".formatted(ignoreOptions(noSplit)));
    }
  }

  /** Names for --classes, those first that most likely mean the negative class. */
  private static String classesOption(Stream<String> folders) {
    Map<String, String> byKey = new LinkedHashMap<>();
    folders.forEach(folder -> byKey.putIfAbsent(Finding.key(folder), folder));
    String names =
        byKey.entrySet().stream()
            .sorted(Comparator.comparing(entry -> !NEGATIVE_NAMES.contains(entry.getKey())))
            .map(Map.Entry::getValue)
            .collect(Collectors.joining(","));
    return SuggestedCommand.quoted(names);
  }

  private boolean isClass(String folder) {
    return options.classNames().finding(folder).isPresent();
  }

  /** The number of images below each outermost folder that fulfils a condition. */
  private static Map<String, Integer> countByFolder(
      Stream<Named> images, Predicate<String> condition) {
    Map<String, Integer> counts = new TreeMap<>();
    images
        .flatMap(
            image ->
                image.folders.stream().filter(condition).reduce((inner, outer) -> outer).stream())
        .forEach(folder -> counts.merge(folder, 1, Integer::sum));
    return counts;
  }

  private static String describe(Map<String, Integer> counts) {
    return FirstFew.of(
        counts.entrySet().stream()
            .map(entry -> "%s (%s)".formatted(entry.getKey(), count(entry.getValue(), "image")))
            .toList(),
        MAX_SHOWN,
        ", ");
  }

  private static String ignoreOptions(Map<String, Integer> counts) {
    return FirstFew.of(
        counts.keySet().stream()
            .map(folder -> "--ignore " + SuggestedCommand.quoted(folder))
            .toList(),
        MAX_SHOWN,
        " ");
  }

  private static String count(int number, String noun) {
    return number == 1 ? "1 " + noun : "%d %ss".formatted(number, noun);
  }

  private Optional<String> hashedPatientId(Path file) throws IOException {
    try {
      return DicomMetadata.patientId(file)
          .flatMap(builder::patient)
          .map(id -> HASH + Sha256.hex(id));
    } catch (InvalidImageException e) {
      return Optional.empty(); // decoding the pixels will report the invalid header
    }
  }

  /** The hash of a short id can be reversed by trying all ids, so no hash leaves this class. */
  private static DatasetIndex withNumberedPatients(DatasetIndex index) {
    Map<String, String> numbers = new HashMap<>();
    return index.withXrays(
        index.xrays().stream()
            .map(
                xray ->
                    xray.patient().startsWith(HASH)
                        ? xray.withPatient(
                            numbers.computeIfAbsent(
                                xray.patient(), hash -> "patient-" + (numbers.size() + 1)))
                        : xray)
            .toList(),
        List.of());
  }

  private static UserErrorException invalidFolder(String found) {
    return UserErrorException.of(
        "a folder with train/NORMAL, train/PNEUMONIA (and test/…) of JPEG, PNG, TIFF or DICOM"
            + " images",
        found,
        "Give the folder that contains train and test, or omit --data for the built-in sample.");
  }
}
