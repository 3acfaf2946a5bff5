package dev.cxr.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.Classifier;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.bundle.Bundle;
import dev.cxr.models.bundle.Manifest;
import dev.cxr.train.export.BundleExporter.TrainingResult;
import dev.cxr.train.loop.StopSignal;
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
  static void writeImages() throws IOException {
    SmallRun.writeImagesOfEveryClass(data);
  }

  private static Map<String, String> shrunk(String name) throws IOException {
    Recipe recipe = Recipes.read(name, Map.of()).recipe();
    Map<String, String> settings = new LinkedHashMap<>();
    int smallest = Architectures.forName(recipe.architecture()).minSide();
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
  void trainsEveryRecipe(String name) throws Exception {
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe = Recipes.read(name, shrunk(name));
    TrainingResult result =
        TrainingLauncher.start(
            recipe, SmallRun.source(data), run, SmallRun.options(new StopSignal()));
    Bundle bundle = Bundle.open(run.resolve(RunFolder.BUNDLE));
    Manifest manifest = bundle.manifest();
    Task task = recipe.recipe().task();
    assertThat(manifest.task()).isEqualTo(task);
    assertThat(result.validation().toText()).contains(task.positiveClass(), "AUROC");
    assertThat(result.validation().classes().isPresent()).isEqualTo(task.isMultiClass());
    assertThat(manifest.threshold().rule()).isNotEmpty();
    Classifier.load(bundle).close();

    Recipes.ResolvedRecipe kept = Recipes.read(run.resolve("recipe.yaml").toString(), Map.of());
    assertThat(kept.recipe()).isEqualTo(recipe.recipe());
  }

  private static Manifest.SplitData split(Manifest manifest, String name) {
    return Objects.requireNonNull(manifest.data().splits().get(name), name);
  }

  @Test
  void cascadeKeepsItsSteps() throws Exception {
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe = Recipes.read("cascade", shrunk("cascade"));
    TrainingLauncher.start(recipe, SmallRun.source(data), run, SmallRun.options(new StopSignal()));
    Bundle whole = Bundle.open(run.resolve(RunFolder.BUNDLE));
    assertThat(whole.manifest().architecture())
        .isEqualTo("cascade(flip-averaged(three-class-cnn), flip-averaged(three-class-cnn))");
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
  void cascadeWithoutImagesLeavesNothing() throws Exception {
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe = Recipes.read("cascade", shrunk("cascade"));
    DatasetLocation none = new DatasetLocation(folder.resolve("none").toString(), null, null, null);
    assertThatThrownBy(
            () -> TrainingLauncher.start(recipe, none, run, SmallRun.options(new StopSignal())))
        .isInstanceOf(UserErrorException.class);
    assertThat(run).doesNotExist();
  }

  @Test
  void resumedCascadeGivesSameBundle() throws Exception {
    Recipes.ResolvedRecipe recipe = Recipes.read("cascade", shrunk("cascade"));
    Path whole = folder.resolve("whole");
    TrainingLauncher.start(
        recipe, SmallRun.source(data), whole, SmallRun.options(new StopSignal()));
    Path run = folder.resolve("run");
    assertThatThrownBy(
            () ->
                TrainingLauncher.start(
                    recipe, SmallRun.source(data), run, SmallRun.options(SmallRun.stopAfter(14))))
        .isInstanceOf(StopSignal.StopRequestedException.class);
    assertThat(run.resolve("step-1-binary/bundle")).exists();
    assertThat(run.resolve("step-2-subtype")).exists();
    assertThat(run.resolve("step-2-subtype/bundle")).doesNotExist();
    assertThat(run.resolve("bundle")).doesNotExist();
    TrainingLauncher.resume(run, SmallRun.source(data), SmallRun.options(new StopSignal()));
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
  void autoencoderTrainsOnNormalsOnly() throws Exception {
    Path run = folder.resolve("run");
    Recipes.ResolvedRecipe recipe = Recipes.read("autoencoder", shrunk("autoencoder"));
    TrainingLauncher.start(recipe, SmallRun.source(data), run, SmallRun.options(new StopSignal()));
    Manifest manifest = Bundle.open(run.resolve(RunFolder.BUNDLE)).manifest();
    assertThat(split(manifest, "train").perClass()).containsEntry("ANOMALY", 0);
    assertThat(split(manifest, "validation").perClass().get("ANOMALY")).isPositive();
    assertThat(manifest.threshold().rule()).contains("false positive rate");
    assertThat(Files.readString(run.resolve("bundle/history.csv")))
        .containsPattern("\n1,0\\.\\d+,,");
  }

  @Test
  void autoencoderNeedsOnlyNormals() throws Exception {
    Path normals = folder.resolve("normals");
    SmallRun.writeNormals(normals);
    Path run = folder.resolve("run");
    TrainingResult result =
        TrainingLauncher.start(
            Recipes.read("autoencoder", shrunk("autoencoder")),
            SmallRun.source(normals),
            run,
            SmallRun.options(new StopSignal()));
    assertThat(result.validation().toText()).contains("AUROC", "not defined");
    Classifier.load(Bundle.open(run.resolve(RunFolder.BUNDLE))).close();
  }

  @Test
  void requiresPretrainedWeights() throws IOException {
    Map<String, String> settings = new HashMap<>(shrunk("mobilenet"));
    settings.remove("weights");
    Recipes.ResolvedRecipe recipe = Recipes.read("mobilenet", settings);
    assertThatThrownBy(
            () ->
                TrainingLauncher.start(
                    recipe,
                    SmallRun.source(data),
                    folder.resolve("run"),
                    SmallRun.options(new StopSignal())))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("--weights")
        .hasMessageContaining("--set weights=none");
    assertThat(folder).isEmptyDirectory();
  }
}
