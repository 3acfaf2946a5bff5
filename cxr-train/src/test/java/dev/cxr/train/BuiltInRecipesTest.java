package dev.cxr.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Classifier;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.recipe.Recipe;
import dev.cxr.train.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every built-in recipe, small enough to run here, on pictures of each finding. */
class BuiltInRecipesTest {

  @TempDir private static Path data;
  @TempDir private Path folder;

  @BeforeAll
  static void draw() throws IOException {
    SmallRun.drawEveryFinding(data);
  }

  private static Map<String, String> shrunk(String name) throws IOException {
    Recipe recipe = Recipes.read(name, Map.of()).recipe();
    Map<String, String> settings = new LinkedHashMap<>();
    int smallest = Architecture.forName(recipe.architecture()).minSide();
    settings.put("side", String.valueOf(Math.max(32, smallest)));
    settings.put("epochs", String.valueOf(Math.min(recipe.epochs(), 1)));
    settings.put("batch-size", "16");
    settings.put("warm-up-steps", "0");
    settings.put("validation.fraction", "0.3");
    settings.put("threshold-views", String.valueOf(Math.min(recipe.thresholdViews(), 1)));
    settings.put("weights", "none");
    return settings;
  }

  @ParameterizedTest
  @MethodSource("dev.cxr.train.recipe.Recipes#builtIn")
  void runsToItsEndAndGivesABundleThatAnswersItsTask(String name) throws Exception {
    Path run = folder.resolve("run");
    Recipes.Resolved recipe = Recipes.read(name, shrunk(name));
    Run.Outcome outcome =
        Runs.begin(recipe, SmallRun.source(data), run, SmallRun.care(new StopSignal()));
    Bundle bundle = Bundle.open(run.resolve(RunFolder.BUNDLE));
    Manifest manifest = bundle.manifest();
    Task task = recipe.recipe().task();
    assertThat(manifest.task()).isEqualTo(task);
    assertThat(outcome.verdict().text()).contains(task.positiveClass(), "AUROC");
    assertThat(outcome.verdict().classes().isPresent()).isEqualTo(task == Task.THREE_CLASS);
    assertThat(manifest.threshold().rule()).isNotEmpty();
    Classifier.load(bundle).close();

    Recipes.Resolved kept = Recipes.read(run.resolve("recipe.yaml").toString(), Map.of());
    assertThat(kept.recipe()).isEqualTo(recipe.recipe());
  }

  private static Manifest.SplitData split(Manifest manifest, String name) {
    return Objects.requireNonNull(manifest.data().splits().get(name), name);
  }

  @Test
  void theCascadeMultipliesItsStepsAndKeepsThem() throws Exception {
    Path run = folder.resolve("run");
    Recipes.Resolved recipe = Recipes.read("cascade", shrunk("cascade"));
    Runs.begin(recipe, SmallRun.source(data), run, SmallRun.care(new StopSignal()));
    Bundle whole = Bundle.open(run.resolve(RunFolder.BUNDLE));
    assertThat(whole.manifest().architecture())
        .isEqualTo("cascade(mirrored(three-class-cnn), mirrored(three-class-cnn))");
    assertThat(Bundle.open(run.resolve("step-1-binary/bundle")).manifest().task())
        .isEqualTo(Task.BINARY);
    Manifest second = Bundle.open(run.resolve("step-2-subtype/bundle")).manifest();
    assertThat(second.task()).isEqualTo(Task.SUBTYPE);
    assertThat(split(second, "train").perClass())
        .containsOnlyKeys("VIRAL_PNEUMONIA", "BACTERIAL_PNEUMONIA");
    assertThat(whole.folder().resolve("history.csv"))
        .content()
        .startsWith("step,epoch,")
        .contains("\nbinary,1,", "\nsubtype,1,");
  }

  @Test
  void aCascadeOfPicturesThatAreNotThereLeavesNothing() throws Exception {
    Path run = folder.resolve("run");
    Recipes.Resolved recipe = Recipes.read("cascade", shrunk("cascade"));
    Source none = new Source(folder.resolve("none").toString(), null);
    assertThatThrownBy(() -> Runs.begin(recipe, none, run, SmallRun.care(new StopSignal())))
        .isInstanceOf(UserErrorException.class);
    assertThat(run).doesNotExist();
  }

  @Test
  void aCascadeThatIsStoppedInItsSecondStepGivesTheSameBundleWhenResumed() throws Exception {
    Recipes.Resolved recipe = Recipes.read("cascade", shrunk("cascade"));
    Path whole = folder.resolve("whole");
    Runs.begin(recipe, SmallRun.source(data), whole, SmallRun.care(new StopSignal()));
    Path run = folder.resolve("run");
    assertThatThrownBy(
            () ->
                Runs.begin(
                    recipe, SmallRun.source(data), run, SmallRun.care(SmallRun.stopAfter(14))))
        .isInstanceOf(StopSignal.Given.class);
    assertThat(run.resolve("step-1-binary/bundle")).exists();
    assertThat(run.resolve("step-2-subtype")).exists();
    assertThat(run.resolve("step-2-subtype/bundle")).doesNotExist();
    assertThat(run.resolve("bundle")).doesNotExist();
    Runs.resume(run, SmallRun.source(data), SmallRun.care(new StopSignal()));
    assertThat(SmallRun.bundle(run)).hasSameSizeAs(SmallRun.bundle(whole));
    SmallRun.bundle(whole)
        .forEach(
            (name, bytes) -> {
              try {
                assertThat(SmallRun.bundle(run).get(name)).as(name).isEqualTo(bytes);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
  }

  @Test
  void whatIsToldByNormalsLearnsFromNoOther() throws Exception {
    Path run = folder.resolve("run");
    Recipes.Resolved recipe = Recipes.read("autoencoder", shrunk("autoencoder"));
    Runs.begin(recipe, SmallRun.source(data), run, SmallRun.care(new StopSignal()));
    Manifest manifest = Bundle.open(run.resolve(RunFolder.BUNDLE)).manifest();
    assertThat(split(manifest, "train").perClass()).containsEntry("ANOMALY", 0);
    assertThat(split(manifest, "validation").perClass().get("ANOMALY")).isPositive();
    assertThat(manifest.threshold().rule()).contains("false positive rate");
    assertThat(Files.readString(run.resolve("bundle/history.csv")))
        .containsPattern("\n1,0\\.\\d+,,");
  }

  @Test
  void normalsAloneAreEnoughForAnAutoencoder() throws Exception {
    Path normals = folder.resolve("normals");
    SmallRun.drawNormals(normals);
    Path run = folder.resolve("run");
    Run.Outcome outcome =
        Runs.begin(
            Recipes.read("autoencoder", shrunk("autoencoder")),
            SmallRun.source(normals),
            run,
            SmallRun.care(new StopSignal()));
    assertThat(outcome.verdict().text()).contains("AUROC", "not defined");
    Classifier.load(Bundle.open(run.resolve(RunFolder.BUNDLE))).close();
  }

  @Test
  void aRecipeThatBeginsWithPublishedWeightsAsksForThem() throws IOException {
    Map<String, String> settings = new HashMap<>(shrunk("mobilenet"));
    settings.remove("weights");
    Recipes.Resolved recipe = Recipes.read("mobilenet", settings);
    assertThatThrownBy(
            () ->
                Runs.begin(
                    recipe,
                    SmallRun.source(data),
                    folder.resolve("run"),
                    SmallRun.care(new StopSignal())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("--weights")
        .hasMessageContaining("--set weights=none");
    assertThat(folder).isEmptyDirectory();
  }
}
