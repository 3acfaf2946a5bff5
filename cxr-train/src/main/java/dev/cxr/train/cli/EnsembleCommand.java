package dev.cxr.train.cli;

import dev.cxr.common.cli.EngineCommand;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.AtomicFolder;
import dev.cxr.data.cli.DataOptions;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.models.composition.Ensemble;
import dev.cxr.models.composition.ModelSpec;
import dev.cxr.train.data.TrainingData;
import dev.cxr.train.export.TrainedModel;
import dev.cxr.train.loop.StopSignal;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import dev.cxr.train.run.BundleExporter;
import dev.cxr.train.run.TrainingRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes one bundle of several. */
@Command(
    name = "ensemble",
    description = {
      "Make one bundle whose logits are the mean of those of several, such as the seeds of a recipe.",
      "The bundles must have learned the same task from the same training pictures; the threshold is"
          + " chosen anew on the same validation pictures, by the rule of the first one's recipe."
    })
public final class EnsembleCommand implements EngineCommand {

  private static final int MAX_MEMBERS = 10;

  @Option(
      names = "--bundle",
      required = true,
      arity = "1..*",
      paramLabel = "DIR",
      description = "The bundles, 2 to " + MAX_MEMBERS + "; they stay as they are.")
  private List<Path> folders = List.of();

  @Mixin private DataOptions data = new DataOptions();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The bundle folder to make.")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    if (folders.size() < 2 || folders.size() > MAX_MEMBERS) {
      throw UserErrorException.ofUsage(
          "2 to %d bundles with --bundle".formatted(MAX_MEMBERS),
          String.valueOf(folders.size()),
          "Name those to take the mean of.");
    }
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : folders) {
      bundles.add(Bundle.open(folder));
    }
    Bundle first = bundles.get(0);
    for (int i = 0; i < bundles.size(); i++) {
      requireSingleModel(bundles.get(i));
      requireSameTaskAndSplit(first, bundles.get(i));
      requireDistinct(bundles.subList(0, i), bundles.get(i));
    }
    Recipes.ResolvedRecipe recipe = Recipes.fromBundle(first);
    TrainingData trainingData = openTrainingData(recipe.recipe(), first);
    TrainingRun.RunOutcome outcome;
    try (AtomicFolder outputFolder = AtomicFolder.create(out)) {
      outcome = createEnsemble(bundles, recipe, trainingData, outputFolder.path());
      outputFolder.commit();
    }
    System.out.printf("%nValidation, which chose the threshold:%n%n");
    System.out.println(outcome.validation().toText());
    System.out.printf("Bundle: %s (%s)%n", out, Bundle.open(out).id());
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static TrainingRun.RunOutcome createEnsemble(
      List<Bundle> bundles, Recipes.ResolvedRecipe recipe, TrainingData trainingData, Path folder)
      throws IOException {
    Deque<Classifier> loaded = new ArrayDeque<>();
    try {
      List<PredictionBlock> members = new ArrayList<>();
      for (Bundle bundle : bundles) {
        loaded.push(Classifier.load(bundle));
        members.add(loaded.element().block());
      }
      TrainedModel finished =
          new TrainedModel(
              new ModelSpec.EnsembleSpec(
                  bundles.stream()
                      .map(bundle -> ModelSpec.parse(bundle.manifest().architecture()))
                      .toList()),
              new Ensemble(members),
              bundles.get(0).manifest().epoch(),
              TrainedModel.history(
                  "member",
                  IntStream.rangeClosed(1, bundles.size()).mapToObj(String::valueOf).toList(),
                  bundles));
      BundleExporter maker =
          new BundleExporter(recipe, trainingData, finished, loaded.element().manager());
      TrainingRun.RunOutcome outcome = maker.evaluate(new StopSignal());
      maker.write(outcome.manifest(), folder);
      return outcome;
    } finally {
      loaded.forEach(Classifier::close);
    }
  }

  private TrainingData openTrainingData(Recipe recipe, Bundle first) throws IOException {
    TrainingData trainingData = TrainingData.open(recipe, data.open(recipe.validation()));
    Map<String, Manifest.SplitData> actualSplits = trainingData.toManifestData(recipe).splits();
    if (!actualSplits.equals(first.manifest().data().splits())) {
      throw UserErrorException.of(
          "the collection that the bundles learned from with --data",
          "other training or validation pictures in " + data.data(),
          "Give that of the training.");
    }
    return trainingData;
  }

  /**
   * Whose operating point is that of training, and whose classes are one network's own: a member of
   * an ensemble counts less than a bundle beside it, or twice if it is one of them.
   */
  private static void requireSingleModel(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    String unsupported =
        manifest.knnIndex() != null
            ? "one whose classes are voted"
            : manifest.calibration() != null
                ? "one of a site"
                : ModelSpec.parse(manifest.architecture()) instanceof ModelSpec.EnsembleSpec
                    ? "an ensemble"
                    : null;
    if (unsupported != null) {
      throw UserErrorException.of(
          "bundles as training leaves them",
          "%s in %s".formatted(unsupported, bundle.folder()),
          "Give what it was made of.");
    }
  }

  private static void requireSameTaskAndSplit(Bundle first, Bundle other) {
    Manifest firstManifest = first.manifest();
    Manifest otherManifest = other.manifest();
    boolean compatible =
        firstManifest.task() == otherManifest.task()
            && firstManifest.input().equals(otherManifest.input())
            && Objects.equals(firstManifest.data().splits(), otherManifest.data().splits());
    if (!compatible) {
      throw UserErrorException.of(
          "bundles of one task and input, of the same training and validation pictures",
          "%s and %s: %s at %d pixels from %s, %s at %d pixels from %s"
              .formatted(
                  first.folder(),
                  other.folder(),
                  firstManifest.task(),
                  firstManifest.input().side(),
                  firstManifest.data().name(),
                  otherManifest.task(),
                  otherManifest.input().side(),
                  otherManifest.data().name()),
          "What one of them learned from another may be judged by: train them on the same split.");
    }
  }

  private static void requireDistinct(List<Bundle> before, Bundle bundle) {
    if (before.stream().anyMatch(other -> other.id().equals(bundle.id()))) {
      throw UserErrorException.ofUsage(
          "each bundle once", bundle.folder() + " again, which counts double", "Leave it away.");
    }
  }
}
