package dev.cxr.data.catalogue;

import dev.cxr.data.catalogue.PixelSource.ImageFile;
import dev.cxr.data.shell.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code train|val|test / NORMAL|PNEUMONIA} as Kaggle and Mendeley ship it. */
final class FolderCatalogue {

  private static final Pattern IMAGE =
      Pattern.compile("[^.].*\\.(jpeg|jpg|png)", Pattern.CASE_INSENSITIVE);

  /** Kaggle's {@code val} holds 16 pictures: too few to choose anything by. */
  private static final int ENOUGH_TO_VALIDATE = 100;

  private final Path root;
  private final List<String> notices = new ArrayList<>();

  /** Files that are no pictures, and folders that are no class. */
  private final List<String> strays = new ArrayList<>();

  private int unknownNames;

  private FolderCatalogue(Path root) {
    this.root = root;
  }

  /**
   * Reads the folder.
   *
   * @throws Refusal if it is not such a folder or holds no picture
   */
  static Catalogue read(Path root, ValidationRule rule) throws IOException {
    return new FolderCatalogue(root).read(rule);
  }

  private Catalogue read(ValidationRule rule) throws IOException {
    if (!Files.isDirectory(root)) {
      throw refusal(Files.exists(root) ? "the file " + root : "nothing at " + root);
    }
    List<Xray> train = xrays("train", Split.TRAIN);
    List<Xray> val = xrays("val", Split.VALIDATION);
    List<Xray> test = xrays("test", Split.TEST);
    if (train.isEmpty() && val.isEmpty() && test.isEmpty()) {
      throw refusal("%s with %s".formatted(root, contents()));
    }

    List<Xray> all = new ArrayList<>();
    String splitRule;
    if (rule.source() == ValidationRule.Source.FOLDER || val.size() >= ENOUGH_TO_VALIDATE) {
      if (val.isEmpty()) {
        throw Refusal.ofUsage(
            "a val folder in %s, as the validation source 'folder' asks".formatted(root),
            "none",
            "Use the source 'groups', which draws patients from train.");
      }
      all.addAll(withoutPatientsOf(val, train));
      all.addAll(val);
      splitRule = "the collection's own val folder";
    } else {
      if (!val.isEmpty()) {
        notices.add(
            "The val folder of %d pictures joins train: too few to choose by. Patients drawn from"
                    .formatted(val.size())
                + " train validate instead.");
      }
      train.addAll(val.stream().map(x -> x.in(Split.TRAIN)).toList());
      all.addAll(rule.drawFrom(train));
      splitRule = rule.inWords();
    }
    all.addAll(test);
    noteStrays();
    Path name = root.toAbsolutePath().normalize().getFileName();
    return new Catalogue(
        name == null ? root.toString() : name.toString(),
        false,
        splitRule,
        PatientSource.FILE_NAMES,
        all,
        notices);
  }

  private List<Xray> xrays(String splitName, Split split) throws IOException {
    List<Xray> xrays = new ArrayList<>();
    for (Path folder : list(root)) {
      if (!folder.getFileName().toString().equalsIgnoreCase(splitName)
          || !Files.isDirectory(folder)) {
        continue;
      }
      for (Path inner : list(folder)) {
        String name = inner.getFileName().toString();
        switch (name.toUpperCase(Locale.ROOT)) {
          case "NORMAL", "PNEUMONIA" -> addFiles(inner, split, xrays);
          default -> strays.add(splitName + "/" + name);
        }
      }
    }
    return xrays;
  }

  private void addFiles(Path folder, Split split, List<Xray> xrays) throws IOException {
    boolean normal = folder.getFileName().toString().equalsIgnoreCase("NORMAL");
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      String id = root.relativize(file).toString().replace('\\', '/');
      if (!IMAGE.matcher(name).matches() || !Files.isRegularFile(file)) {
        strays.add(id);
        continue;
      }
      Optional<String> patient = PatientGroup.ofFileName(name);
      if (patient.isEmpty()) {
        unknownNames++;
      }
      Finding finding = normal ? Finding.NORMAL : pneumoniaOf(name);
      xrays.add(new Xray(id, new ImageFile(file), finding, patient.orElse(id), split));
    }
  }

  private static Finding pneumoniaOf(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.contains("bacteria")) {
      return Finding.BACTERIAL_PNEUMONIA;
    }
    return name.contains("virus") ? Finding.VIRAL_PNEUMONIA : Finding.PNEUMONIA;
  }

  /** A patient with pictures in both folders stays in validation only. */
  private List<Xray> withoutPatientsOf(List<Xray> validation, List<Xray> train) {
    Set<String> patients =
        validation.stream().map(Xray::patient).collect(Collectors.toCollection(HashSet::new));
    List<Xray> kept = train.stream().filter(x -> !patients.contains(x.patient())).toList();
    if (kept.size() < train.size()) {
      notices.add(
          "%d training pictures are left out: their patients stand in the val folder too."
              .formatted(train.size() - kept.size()));
    }
    return kept;
  }

  private void noteStrays() {
    if (!strays.isEmpty()) {
      notices.add(
          "%d files or folders are ignored as no picture of a class: %s."
              .formatted(strays.size(), some(strays)));
    }
    if (unknownNames > 0) {
      notices.add(
          "%d file names do not tell a patient: each such picture counts as a patient of its own."
              .formatted(unknownNames));
    }
  }

  private String contents() throws IOException {
    List<String> names = list(root).stream().map(p -> p.getFileName().toString()).toList();
    return names.isEmpty() ? "nothing in it" : some(names) + " in it but no picture of a class";
  }

  private static String some(List<String> names) {
    String first = names.stream().limit(3).collect(Collectors.joining(", "));
    return names.size() > 3 ? first + ", …" : first;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }

  private static Refusal refusal(String found) {
    return Refusal.of(
        "a folder with train/NORMAL, train/PNEUMONIA (and test/…) that hold .jpeg, .jpg or .png"
            + " files",
        found,
        "Give the folder that holds train and test, or leave --data away for the built-in sample.");
  }
}
