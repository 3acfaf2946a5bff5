package dev.cxr.serve.http;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.serve.inference.ServedModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The served models by name and version; a name alone means its first version. */
final class ModelRegistry {

  private final Map<String, List<ServedModel>> byName = new LinkedHashMap<>();

  /**
   * Registers the models.
   *
   * @throws UserErrorException if a bundle is given twice
   */
  ModelRegistry(List<ServedModel> models) {
    for (ServedModel model : models) {
      List<ServedModel> versions = byName.computeIfAbsent(model.name(), n -> new ArrayList<>());
      if (versions.stream().anyMatch(m -> m.version().equals(model.version()))) {
        throw UsageErrorException.of(
            "each bundle once",
            "%s (bundle %s) twice".formatted(model.name(), model.version()),
            "Remove one --bundle.");
      }
      versions.add(model);
    }
  }

  List<ServedModel> all() {
    return byName.values().stream().flatMap(List::stream).toList();
  }

  /** The names, in the order of registration. */
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** The versions of a name, or the given one; none if it is unknown. An empty version is all. */
  List<ServedModel> find(String name, String version) {
    return byName.getOrDefault(name, List.of()).stream()
        .filter(model -> version.isEmpty() || model.version().equals(version))
        .toList();
  }
}
