package dev.cxr.train;

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
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
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
final class EnsembleCommand implements EngineCommand {

  private static final int MOST = 10;

  @Option(
      names = "--bundle",
      required = true,
      arity = "1..*",
      paramLabel = "DIR",
      description = "The bundles, 2 to " + MOST + "; they stay as they are.")
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
    if (folders.size() < 2 || folders.size() > MOST) {
      throw UserErrorException.ofUsage(
          "2 to %d bundles with --bundle".formatted(MOST),
          String.valueOf(folders.size()),
          "Name those to take the mean of.");
    }
    List<Bundle> bundles = new ArrayList<>();
    for (Path folder : folders) {
      bundles.add(Bundle.open(folder));
    }
    Bundle first = bundles.get(0);
    for (int i = 0; i < bundles.size(); i++) {
      requirePlain(bundles.get(i));
      requireAlike(first, bundles.get(i));
      requireOnce(bundles.subList(0, i), bundles.get(i));
    }
    Recipes.Resolved recipe = Recipes.of(first);
    TrainingData pictures = pictures(recipe.recipe(), first);
    Run.Outcome outcome;
    try (AtomicFolder made = AtomicFolder.create(out)) {
      outcome = make(bundles, recipe, pictures, made.path());
      made.commit();
    }
    System.out.printf("%nValidation, which chose the threshold:%n%n");
    System.out.println(outcome.verdict().text());
    System.out.printf("Bundle: %s (%s)%n", out, Bundle.open(out).id());
    System.out.println("Research software, not a medical device.");
    return 0;
  }

  private static Run.Outcome make(
      List<Bundle> bundles, Recipes.Resolved recipe, TrainingData pictures, Path folder)
      throws IOException {
    Deque<Classifier> loaded = new ArrayDeque<>();
    try {
      List<PredictionBlock> members = new ArrayList<>();
      for (Bundle bundle : bundles) {
        loaded.push(Classifier.load(bundle));
        members.add(loaded.element().block());
      }
      Finished finished =
          new Finished(
              new ModelSpec.EnsembleSpec(
                  bundles.stream()
                      .map(bundle -> ModelSpec.parse(bundle.manifest().architecture()))
                      .toList()),
              new Ensemble(members),
              bundles.get(0).manifest().epoch(),
              Finished.history(
                  "member",
                  IntStream.rangeClosed(1, bundles.size()).mapToObj(String::valueOf).toList(),
                  bundles));
      BundleMaker maker = new BundleMaker(recipe, pictures, finished, loaded.element().manager());
      Run.Outcome outcome = maker.judge(new StopSignal());
      maker.write(outcome.manifest(), folder);
      return outcome;
    } finally {
      loaded.forEach(Classifier::close);
    }
  }

  private TrainingData pictures(Recipe recipe, Bundle first) throws IOException {
    TrainingData pictures = TrainingData.open(recipe, data.open(recipe.validation()));
    Map<String, Manifest.SplitData> found = pictures.describe(recipe).splits();
    if (!found.equals(first.manifest().data().splits())) {
      throw UserErrorException.of(
          "the collection that the bundles learned from with --data",
          "other training or validation pictures in " + data.data(),
          "Give that of the training.");
    }
    return pictures;
  }

  /**
   * Whose operating point is that of training, and whose classes are one network's own: a member of
   * an ensemble counts less than a bundle beside it, or twice if it is one of them.
   */
  private static void requirePlain(Bundle bundle) {
    Manifest manifest = bundle.manifest();
    String made =
        manifest.knnIndex() != null
            ? "one whose classes are voted"
            : manifest.calibration() != null
                ? "one of a site"
                : ModelSpec.parse(manifest.architecture()) instanceof ModelSpec.EnsembleSpec
                    ? "an ensemble"
                    : null;
    if (made != null) {
      throw UserErrorException.of(
          "bundles as training leaves them",
          "%s in %s".formatted(made, bundle.folder()),
          "Give what it was made of.");
    }
  }

  private static void requireAlike(Bundle first, Bundle other) {
    Manifest one = first.manifest();
    Manifest another = other.manifest();
    boolean alike =
        one.task() == another.task()
            && one.input().equals(another.input())
            && Objects.equals(one.data().splits(), another.data().splits());
    if (!alike) {
      throw UserErrorException.of(
          "bundles of one task and input, of the same training and validation pictures",
          "%s and %s: %s at %d pixels from %s, %s at %d pixels from %s"
              .formatted(
                  first.folder(),
                  other.folder(),
                  one.task(),
                  one.input().side(),
                  one.data().name(),
                  another.task(),
                  another.input().side(),
                  another.data().name()),
          "What one of them learned from another may be judged by: train them on the same split.");
    }
  }

  private static void requireOnce(List<Bundle> before, Bundle bundle) {
    if (before.stream().anyMatch(other -> other.id().equals(bundle.id()))) {
      throw UserErrorException.ofUsage(
          "each bundle once", bundle.folder() + " again, which counts double", "Leave it away.");
    }
  }
}
