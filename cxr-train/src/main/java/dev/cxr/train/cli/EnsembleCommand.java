package dev.cxr.train.cli;

import ai.djl.Device;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.command.EngineCommand;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.composition.Ensemble;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.export.BundleExporter;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.export.ExportableModel;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.loop.TrainingOptions;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Combines several bundles into one. */
@Command(
    name = "ensemble",
    description = {
      "Combine several bundles, such as the seeds of a recipe, into one that averages their logits.",
      "The bundles must have the same task and the same training and validation images. The"
          + " threshold is chosen again on validation, by the rule of the first bundle's recipe."
    })
public final class EnsembleCommand implements EngineCommand {

  private static final int MAX_MEMBERS = 10;

  @Option(
      names = "--bundle",
      required = true,
      arity = "1..*",
      paramLabel = "DIR",
      description = "The bundles, 2 to " + MAX_MEMBERS + "; they are not changed.")
  private List<Path> folders = List.of();

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to create.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (folders.size() < 2 || folders.size() > MAX_MEMBERS) {
      throw UsageErrorException.of(
          "2 to %d bundles with --bundle".formatted(MAX_MEMBERS),
          String.valueOf(folders.size()),
          "Give --bundle DIR DIR …");
    }
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : folders) {
      bundles.add(Bundle.open(folder));
    }
    Bundle first = bundles.get(0);
    Set<String> ids = new HashSet<>();
    for (Bundle bundle : bundles) {
      requireSingleModel(bundle);
      requireSameTaskAndSplit(first, bundle);
      if (!ids.add(bundle.id())) {
        throw UsageErrorException.of(
            "each bundle once", bundle.folder() + " again", "Omit the duplicate.");
      }
    }
    Recipes.ResolvedRecipe recipe = Recipes.fromBundle(first);
    TrainingData trainingData = openTrainingData(recipe.recipe(), first);
    TrainingResult result;
    StopSignal stop = new StopSignal();
    try (AtomicFolder outputFolder = AtomicFolder.create(out);
        ConsoleListener console = new ConsoleListener(stop, out)) {
      TrainingOptions options = new TrainingOptions(stop, Duration.ZERO, Device.cpu(), console);
      result = createEnsemble(bundles, recipe, trainingData, outputFolder.path(), options);
      outputFolder.commit();
    }
    System.out.printf("%nValidation, which chose the threshold:%n%n");
    System.out.println(result.validation().toText());
    System.out.printf("Bundle: %s (%s)%n", out, Bundle.open(out).id());
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static TrainingResult createEnsemble(
      List<Bundle> bundles,
      Recipes.ResolvedRecipe recipe,
      TrainingData trainingData,
      Path folder,
      TrainingOptions options)
      throws IOException {
    Deque<Classifier> loaded = new ArrayDeque<>();
    try {
      List<PredictionBlock> members = new ArrayList<>();
      for (Bundle bundle : bundles) {
        loaded.push(Classifier.load(bundle));
        members.add(loaded.element().block());
      }
      List<ModelSpec> specs =
          bundles.stream().map(b -> ModelSpec.parse(b.manifest().architecture())).toList();
      ExportableModel model =
          ExportableModel.combine(
              ModelSpec.ensemble(specs),
              new Ensemble(members),
              "member",
              IntStream.rangeClosed(1, bundles.size()).mapToObj(String::valueOf).toList(),
              bundles);
      BundleExporter exporter =
          new BundleExporter(recipe, trainingData, model, loaded.element().manager(), options);
      TrainingResult result = exporter.validate();
      exporter.write(result.manifest(), folder);
      return result;
    } finally {
      loaded.forEach(Classifier::close);
    }
  }

  private TrainingData openTrainingData(Recipe recipe, Bundle first) throws IOException {
    TrainingData trainingData = TrainingData.open(recipe, data.open(recipe.datasetOptions()));
    Map<String, Manifest.SplitData> actualSplits = trainingData.toManifestData(recipe).splits();
    if (!actualSplits.equals(first.manifest().data().splits())) {
      throw UserErrorException.of(
          "the dataset that the bundles were trained on",
          "other training or validation images in " + data.data(),
          "Give the training dataset with --data.");
    }
    return trainingData;
  }

  /** Members of a nested ensemble would have a smaller or double weight. */
  private static void requireSingleModel(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    if (manifest.knnIndex() != null
        || manifest.calibration() != null
        || ModelSpec.parse(manifest.architecture()).memberCount() > 1) {
      throw UserErrorException.of(
          "bundles as `train` writes them",
          "an ensemble, one with a KNN index or a site calibration in " + bundle.folder(),
          "Give the bundles that it was created from.");
    }
  }

  private static void requireSameTaskAndSplit(Bundle first, Bundle other) {
    Manifest firstManifest = first.manifest();
    Manifest otherManifest = other.manifest();
    boolean compatible =
        firstManifest.task().equals(otherManifest.task())
            && firstManifest.input().equals(otherManifest.input())
            && Objects.equals(firstManifest.data().splits(), otherManifest.data().splits());
    if (!compatible) {
      throw UserErrorException.of(
          "bundles with the same task, input, training images and validation images",
          describe(first) + " and " + describe(other),
          "Train all of them on the same split: otherwise validation images of one are training"
              + " images of another.");
    }
  }

  private static String describe(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    return "%s (%s at %d pixels from %s)"
        .formatted(
            bundle.folder(), manifest.task(), manifest.input().side(), manifest.data().name());
  }
}
