package dev.cxr.train.run;

import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.composition.Cascade;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.export.BundleExporter;
import dev.cxr.train.export.ExportableModel;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The two runs of a cascade for the three-class task, and the bundle that combines them: normal or
 * pneumonia, trained on all images, then bacterial or viral, trained on pneumonias only.
 *
 * <pre>
 * OUT/recipe.yaml, run.json   as in a run folder
 * OUT/step-1-binary/          a run folder with its bundle
 * OUT/step-2-subtype/         a run folder with its bundle
 * OUT/bundle/                 the cascade
 * </pre>
 */
final class CascadeRun {

  private CascadeRun() {}

  /** One of the two runs. */
  record Step(String title, Path folder, Recipes.ResolvedRecipe recipe) {}

  static List<Step> steps(Path folder, Recipes.ResolvedRecipe cascade) {
    return Stream.of(Task.BINARY, Task.SUBTYPE).map(task -> step(folder, cascade, task)).toList();
  }

  private static Step step(Path folder, Recipes.ResolvedRecipe cascade, Task task) {
    String name = task.name().toLowerCase(Locale.ROOT);
    return new Step(
        "Cascade, %s: %s".formatted(name, String.join(" or ", task.classes())),
        folder.resolve((task.equals(Task.BINARY) ? "step-1-" : "step-2-") + name),
        Recipes.withOverrides(
            cascade,
            Map.of(
                "task", name, "cascade", "false", "name", cascade.recipe().name() + "-" + name)));
  }

  /** Writes the cascade's bundle from those of its steps. */
  static BundleExporter.TrainingResult combine(
      RunFolder folder,
      Recipes.ResolvedRecipe recipe,
      DatasetLocation source,
      TrainingOptions options)
      throws IOException {
    List<Step> steps = steps(folder.path(), recipe);
    Bundle binary = Bundle.open(steps.get(0).folder().resolve(RunFolder.BUNDLE));
    Bundle subtype = Bundle.open(steps.get(1).folder().resolve(RunFolder.BUNDLE));
    TrainingData data = TrainingData.open(recipe.recipe(), source.openDataset(recipe.recipe()));
    try (Classifier binaryClassifier = Classifier.load(binary);
        Classifier subtypeClassifier = Classifier.load(subtype)) {
      ExportableModel model =
          ExportableModel.combine(
              ModelSpec.cascade(
                  ModelSpec.parse(binary.manifest().architecture()),
                  ModelSpec.parse(subtype.manifest().architecture())),
              new Cascade(binaryClassifier.block(), subtypeClassifier.block()),
              "step",
              List.of("binary", "subtype"),
              List.of(binary, subtype));
      BundleExporter exporter =
          new BundleExporter(recipe, data, model, binaryClassifier.manager(), options);
      BundleExporter.TrainingResult result = exporter.validate();
      folder.writeBundle(bundle -> exporter.write(result.manifest(), bundle));
      return result;
    }
  }
}
