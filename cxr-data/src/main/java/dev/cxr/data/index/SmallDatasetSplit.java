package dev.cxr.data.index;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Selects the validation images by the rule. The default rule also gives both splits images of
 * every class, in datasets so small that chance leaves a class out.
 */
final class SmallDatasetSplit {

  private final DatasetOptions options;
  private final List<Xray> xrays;
  private final Set<String> validation;

  private SmallDatasetSplit(List<Xray> xrays, DatasetOptions options) {
    this.xrays = xrays;
    this.options = options;
    validation =
        xrays.stream()
            .map(Xray::patient)
            .filter(options.validation()::isValidation)
            .collect(Collectors.toCollection(HashSet::new));
  }

  /** The images, each in training or validation; says in a notice if the rule was not enough. */
  static List<Xray> apply(List<Xray> xrays, DatasetOptions options, List<String> notices) {
    SmallDatasetSplit split = new SmallDatasetSplit(xrays, options);
    if (options.validation().equals(ValidationSplitRule.DEFAULT)) {
      Set<String> moved = split.moveMissingClasses();
      if (!moved.isEmpty()) {
        notices.add(
            "The dataset is small: the rule of the validation split would leave a split without %s, so patients were moved until both have a patient of each class. Metrics of so few patients mean little."
                .formatted(String.join(" and ", moved)));
      }
    }
    return xrays.stream()
        .map(
            x ->
                x.withSplit(
                    split.validation.contains(x.patient()) ? Split.VALIDATION : Split.TRAIN))
        .toList();
  }

  private Set<String> moveMissingClasses() {
    Set<String> moved = new TreeSet<>();
    Set<String> classes =
        xrays.stream().map(this::className).collect(Collectors.toCollection(TreeSet::new));
    for (String name : classes.size() < 2 ? Set.<String>of() : classes) {
      List<String> patients =
          new ArrayList<>(
              xrays.stream()
                  .filter(x -> className(x).equals(name))
                  .map(Xray::patient)
                  .distinct()
                  .sorted(
                      Comparator.<String>comparingLong(options.validation()::position)
                          .thenComparing(Comparator.naturalOrder()))
                  .toList());
      if (patients.size() < 2) {
        continue; // one patient cannot be in both splits
      }
      String first = patients.get(0);
      String last = patients.get(patients.size() - 1);
      if (patients.stream().noneMatch(validation::contains)) {
        validation.add(first);
        moved.add(name);
      } else if (validation.containsAll(patients)) {
        validation.remove(last);
        moved.add(name);
      }
    }
    return moved;
  }

  /** Causes of a pneumonia are one class here. */
  private String className(Xray xray) {
    Finding finding = xray.finding();
    return finding.isPneumonia() && !options.classNames().isOwn()
        ? Finding.PNEUMONIA.name()
        : finding.name();
  }
}
