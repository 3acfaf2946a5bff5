package dev.cxr.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.augment.Augmentation;
import dev.cxr.data.augment.AugmentationKind;
import dev.cxr.data.dataset.Sampling;
import dev.cxr.data.index.Finding;
import dev.cxr.data.index.Task;
import dev.cxr.train.learner.EmaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecipesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("dev.cxr.train.recipe.Recipes#builtIn")
  void readsEveryBuiltInRecipe(String name) throws IOException {
    assertThat(Recipes.read(name, Map.of()).recipe().name()).isEqualTo(name);
  }

  @Test
  void overridesNestedValues() throws IOException {
    Recipe recipe =
        Recipes.read(
                "quick",
                Map.of("learning-rate", "3e-5", "early-stopping.patience", "7", "epochs", "2"))
            .recipe();
    assertThat(recipe.learningRate()).isEqualTo(3e-5);
    assertThat(recipe.earlyStopping().orElseThrow().patience()).isEqualTo(7);
    assertThat(recipe.epochs()).isEqualTo(2);
  }

  @Test
  void classesOfOnesOwnReplaceTheTask() throws IOException {
    Recipe recipe =
        Recipes.read(
                "mobilenet",
                Map.of("classes", "'healthy,TB=tuberculosis,other'", "weights", "none"))
            .recipe();
    assertThat(recipe.task().classes()).containsExactly("healthy", "tuberculosis", "other");
    assertThat(recipe.task().positiveClass()).isEqualTo("not healthy");
    assertThat(((Sampling.FindingShares) recipe.sampling()).shares().keySet())
        .extracting(Finding::name)
        .containsExactlyInAnyOrder("healthy", "tuberculosis", "other");
    assertThat(
            Recipes.read("anomaly", Map.of("classes", "'healthy,other'", "weights", "none"))
                .recipe()
                .task())
        .isEqualTo(Task.anomaly(List.of("healthy")));
    assertThat(
            Recipes.read("quick", Map.of("classes", "'a,b,c'", "positive-class", "c"))
                .recipe()
                .task()
                .positiveClass())
        .isEqualTo("c");
    assertThatThrownBy(
            () -> Recipes.read("quick", Map.of("classes", "'a,b'", "positive-class", "x")))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("expected a positive class of [b], found 'x'");
    assertThatThrownBy(() -> Recipes.read("cascade", Map.of("classes", "'a,b,c'")))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("cascade");
    assertThatThrownBy(() -> Recipes.read("quick", Map.of("classes", "a")))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining("class names such as normal,tuberculosis,pneumonia");
  }

  @Test
  void quickAugmentationIsUnchanged() throws IOException {
    assertThat(Recipes.read("quick", Map.of()).recipe().augmentation())
        .isEqualTo(
            Augmentation.builder()
                .opt(AugmentationKind.ROTATION_DEGREES, -10, 10)
                .opt(AugmentationKind.SHIFT, -0.05, 0.05)
                .opt(AugmentationKind.ZOOM, 0.9, 1.1)
                .opt(AugmentationKind.BRIGHTNESS, -0.1, 0.1)
                .build());
  }

  @Test
  void absentAugmentationIsNone() throws IOException {
    assertThat(Recipes.read("quick", Map.of("augmentation", "{}")).recipe().augmentation())
        .isEqualTo(Augmentation.NONE);
    Map<String, String> zoom = new LinkedHashMap<>();
    zoom.put("augmentation", "{}");
    zoom.put("augmentation.zoom", "[0.9,1.1]");
    assertThat(Recipes.read("quick", zoom).recipe().augmentation())
        .isEqualTo(Augmentation.builder().opt(AugmentationKind.ZOOM, 0.9, 1.1).build());
  }

  @Test
  void readsSamplingNameOrShares() throws IOException {
    assertThat(Recipes.read("quick", Map.of()).recipe().sampling())
        .isEqualTo(Sampling.EveryImage.NATURAL);
    assertThat(Recipes.read("quick", Map.of("sampling", "oversampled")).recipe().sampling())
        .isEqualTo(Sampling.EveryImage.OVERSAMPLED);
    String shares = "{shares: {normal: .4, bacterial-pneumonia: .36, viral-pneumonia: .24}}";
    assertThat(Recipes.read("quick", Map.of("sampling", shares)).recipe().sampling())
        .isEqualTo(
            new Sampling.FindingShares(
                Map.of(
                    Finding.NORMAL, 0.4,
                    Finding.BACTERIAL_PNEUMONIA, 0.36,
                    Finding.VIRAL_PNEUMONIA, 0.24)));
  }

  @Test
  void readsEveryAugmentation() throws IOException {
    String yaml =
        """
        {rotation-degrees: [-12, 12], zoom: [.85, 1.2], aspect: [.9, 1.1], shift: [-.12, .12],
         mirror: true, gamma: [0.6065, 1.6487], contrast: [.6, 1.4], brightness: [-.15, .15],
         blur: [-.5, 1], noise: [0, .04], shear-degrees: [-5, 5], erase: [.02, .2], edge: black}""";
    assertThat(Recipes.read("quick", Map.of("augmentation", yaml)).recipe().augmentation())
        .isEqualTo(
            Augmentation.builder()
                .opt(AugmentationKind.ROTATION_DEGREES, -12, 12)
                .opt(AugmentationKind.ZOOM, 0.85, 1.2)
                .opt(AugmentationKind.ASPECT, 0.9, 1.1)
                .opt(AugmentationKind.SHIFT, -0.12, 0.12)
                .optMirror(true)
                .opt(AugmentationKind.GAMMA, 0.6065, 1.6487)
                .opt(AugmentationKind.CONTRAST, 0.6, 1.4)
                .opt(AugmentationKind.BRIGHTNESS, -0.15, 0.15)
                .opt(AugmentationKind.BLUR, -0.5, 1)
                .opt(AugmentationKind.NOISE, 0, 0.04)
                .opt(AugmentationKind.SHEAR_DEGREES, -5, 5)
                .opt(AugmentationKind.ERASE, 0.02, 0.2)
                .optEdge(Augmentation.EdgeMode.BLACK)
                .build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "learning-rat            | 1    | 'learning-rat'          | 'learning-rate'",
        "early-stopping.patients | 1    | 'early-stopping.patients' | 'early-stopping.patience'",
        "augmentation.rotation   | 3    | 'augmentation.rotation' | 'augmentation.rotation-degrees'",
        "sampling                | some | natural or oversampled or keys and values for 'sampling' | 'some'",
        "sampling                | [1]  | natural or oversampled or keys and values for 'sampling' | '[1]'",
        "sampling                | {share: 1} | 'sampling.share' | 'sampling.shares'",
        "sampling                | {} | the key 'sampling.shares' | none",
        "sampling                | {shares: 1} | keys and values for 'sampling.shares' | '1'",
        "sampling                | {shares: {lungs: 1}} | viral-pneumonia or pneumonia | lungs",
        "sampling                | {shares: {normal: half}} | a number for 'sampling.shares.normal' | 'half'",
        "sampling                | {shares: {normal: .5, pneumonia: .6}} | under sampling. | expected the sum 1, found 1.1",
        "epochs                  | ten  | a whole number for 'epochs' | 'ten'",
        "epochs                  | 1.5  | a whole number for 'epochs' | '1.5'",
        "learning-rate           | fast | a number for 'learning-rate' | 'fast'",
        "class-weights           | some | none or balanced for 'class-weights' | 'some'",
        "augmentation.mirror     | 3    | true or false for 'augmentation.mirror' | '3'",
        "augmentation            | 3    | keys and values for 'augmentation' | '3'",
        "augmentation.zoom       | 0.1  | two numbers such as [0.9, 1.1] for 'augmentation.zoom' | '0.1'",
        "augmentation.zoom       | [1]  | two numbers such as [0.9, 1.1] for 'augmentation.zoom' | '[1]'",
        "augmentation.zoom       | [1, b] | two numbers such as [0.9, 1.1] for 'augmentation.zoom' | '[1, b]'",
        "augmentation.zoom       | {from: 1, to: 2} | two numbers such as [0.9, 1.1] | '{from=1, to=2}'",
        "augmentation.zoom       | [1.2, 0.8] | under augmentation.zoom | from less to more, not 1.2..0.8",
        "augmentation.zoom       | [.nan, 1] | under augmentation.zoom | from less to more, not NaN..1.0",
        "augmentation.zoom       | [0.1, 1] | under augmentation. | zoom: within 0.5..2.0, not 0.1..1.0",
        "augmentation.zoom       | ''   | two numbers such as [0.9, 1.1] for 'augmentation.zoom' | 'null'",
        "threshold               | best | youden, sensitivity=0.95, false-positive-rate=0.05 | 'best'",
        "threshold               | sensitivity=high | youden, sensitivity=0.95 | 'sensitivity=high'",
        "seed                    | 1.5  | a whole number for 'seed' | '1.5'",
        "freeze                  | [1]  | none, backbone, or a number of stages for 'freeze' | '[1]'",
        "flip-averaging          | 1    | true or false for 'flip-averaging' | '1'",
        "augmentation.edge       | grey | repeat or black for 'augmentation.edge' | 'grey'",
        "epochs                  | 0    | epochs: 1 to 10,000 | not 0",
        "plateau.factor          | 2    | plateau. | factor: between 0 and 1",
        "validation.fraction     | 1    | validation. | fraction",
        "epochs.many             | 1    | the key of a value | --set",
        "plateau                 | never | none or keys and values for 'plateau' | 'never'",
        "early-stopping          | 3    | none or keys and values for 'early-stopping' | '3'",
        "early-stopping.start-from-epoch | -1 | under early-stopping. | start-from-epoch: 0 or more",
        "plateau.monitor         | loss | validation-loss or validation-accuracy or | 'loss'",
        "plateau.cooldown        | -1   | under plateau. | cooldown: 0 or more, not -1",
        "monitor                 | auc  | validation-auroc or training-loss | 'auc'",
        "keep                    | all  | best or last for 'keep' | 'all'",
        "schedule                | step | constant or cosine for 'schedule' | 'step'",
        "warm-up-steps           | -1   | or a share of all steps below 1 | for 'warm-up-steps'",
        "warm-up-steps           | 1.5  | such as 0.1 or 10% | found '1.5'",
        "warm-up-steps           | 100% | such as 0.1 or 10% | found '100%'",
        "label-smoothing         | 1    | label-smoothing: from 0 to below 1 | not 1.0",
        "adam.weight-decays      | .1   | 'adam.weight-decays' | 'adam.weight-decay'",
        "adam.weight-decay       | -.1  | under adam. | weight-decay: 0 to 100, not -0.1",
        "adam.clip-norm          | 0    | under adam. | clip-norm: above 0, not 0.0",
        "adam.clip-norm          | some | none or a number for 'adam.clip-norm' | 'some'",
        "ema                     | .9   | none or keys and values for 'ema' | '0.9'",
        "ema                     | {decay: .9} | the key 'ema.start' | none",
        "ema                     | {decay: 1, start: at-once} | under ema. | decay 1.0",
        "phases                  | 3    | a list for 'phases' | '3'",
        "phases                  | [3]  | keys and values for 'phases' | '3'",
        "phases                  | [null] | keys and values for 'phases' | 'null'",
        "phases                  | [{}] | the key 'phases.from-epoch' | none",
        "phases                  | [{from-epoch: 0}] | under phases. | from-epoch: at least 1, not 0",
        "phases                  | [{from-epoch: 1, others: 0, factors: {a: 0}}] | under phases. | a factor above 0 for some parameters, not all at 0",
        "phases                  | [{from-epoch: 2}, {from-epoch: 2}] | phases: each with a later from-epoch | not 2",
        "phases                  | [{from-epoch: 1, factors: {a: -1}}] | under phases. | factors.a: 0 to 1000, not -1.0",
        "phases                  | [{from-epoch: 1, factors: {a: null}}] | a number for 'phases.factors.a' | 'null'",
        "architecture            | lenet | an architecture of binary-cnn | 'lenet'",
      })
  void rejectsInvalidValues(String key, String value, String expectedText, String foundText) {
    assertThatThrownBy(() -> Recipes.read("quick", Map.of(key.strip(), value.strip())))
        .isInstanceOf(UsageErrorException.class)
        .hasMessageContaining(expectedText.strip())
        .hasMessageContaining(foundText.strip());
  }

  @Test
  void resolvesDefaults() throws IOException {
    Recipes.ResolvedRecipe resolved =
        Recipes.read("quick", Map.of("plateau", "{factor: .1, patience: 10}"));
    Recipe recipe = resolved.recipe();
    assertThat(recipe.plateau())
        .contains(new ReduceOnPlateau(.1, 10, 0, Monitor.VALIDATION_LOSS, 1e-4, 0));
    assertThat(recipe.adam()).isEqualTo(new Recipe.AdamConfig(1e-8, 0, Optional.empty()));
    assertThat(recipe.ema()).isEmpty();
    assertThat(recipe.phases()).isEmpty();
    assertThat(recipe.schedule()).isEqualTo(Recipe.Schedule.CONSTANT);
    assertThat(recipe.monitor()).isEqualTo(Monitor.VALIDATION_LOSS);
    assertThat(recipe.keep()).isEqualTo(Recipe.Keep.BEST);
    assertThat(resolved.values())
        .containsEntry("ema", "none")
        .containsEntry("warm-up-steps", 0)
        .containsEntry("keep", "best")
        .containsEntry("adam", Map.of("epsilon", 1e-8, "weight-decay", 0.0, "clip-norm", "none"));
  }

  @Test
  void readsTransferRecipe() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("schedule", "cosine");
    settings.put("warm-up-steps", "150");
    settings.put("adam.weight-decay", "0.02");
    settings.put("adam.clip-norm", "1");
    settings.put("label-smoothing", "0.05");
    settings.put("ema", "{decay: 0.995, start: at-once}");
    settings.put("monitor", "validation-auroc");
    settings.put("keep", "last");
    settings.put("early-stopping", "none");
    settings.put("plateau", "none");
    settings.put(
        "phases",
        "[{from-epoch: 2, others: 0, factors: {head: 1}}, {from-epoch: 4, factors: {stem: 0.1}}]");
    Recipe recipe = Recipes.read("quick", settings).recipe();
    assertThat(recipe.adam()).isEqualTo(new Recipe.AdamConfig(1e-8, .02, Optional.of(1.0)));
    assertThat(recipe.ema()).contains(new EmaConfig(.995, EmaConfig.Start.AT_ONCE));
    assertThat(recipe.earlyStopping()).isEmpty();
    assertThat(recipe.plateau()).isEmpty();
    assertThat(recipe.rateFactors(1)).isEmpty();
    assertThat(recipe.rateFactors(2)).isEqualTo(Map.of("", 0.0, "head", 1.0));
    assertThat(recipe.rateFactors(3)).isEqualTo(Map.of("", 0.0, "head", 1.0));
    assertThat(recipe.rateFactors(4)).isEqualTo(Map.of("", 1.0, "stem", 0.1));
  }

  @Test
  void withOverridesChangesOnlyTheSeed() throws IOException {
    Recipes.ResolvedRecipe first = Recipes.read("quick", Map.of("adam.clip-norm", "2"));
    Recipes.ResolvedRecipe second = Recipes.withOverrides(first, Map.of("seed", "5"));
    assertThat(second.recipe().seed()).isEqualTo(5);
    assertThat(second).isEqualTo(Recipes.read("quick", Map.of("adam.clip-norm", "2", "seed", "5")));
    assertThat(first.recipe().seed()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"none, none", "backbone, backbone", "2, 2"})
  void readsFreeze(String value, String expected) throws IOException {
    assertThat(Recipes.read("quick", Map.of("freeze", value)).recipe().freeze())
        .hasToString(expected);
  }

  @Test
  void readsOldKeys() throws IOException {
    String current = Recipes.toYaml(Recipes.read("binary", Map.of()));
    String old =
        current
            .replace("description:", "about:")
            .replace("flip-averaging:", "mirrored:")
            .replace("ema:", "averaging:");
    assertThat(old).contains("about:", "mirrored:", "averaging:");
    Path file = Files.writeString(folder.resolve("old.yaml"), old);
    Recipes.ResolvedRecipe recipe = Recipes.read(file.toString(), Map.of());
    assertThat(Recipes.toYaml(recipe)).isEqualTo(current);
    assertThat(
            Recipes.withOverrides(recipe, Map.of("mirrored", "false", "averaging.decay", ".9"))
                .recipe())
        .returns(false, Recipe::flipAveraging)
        .returns(.9, changed -> changed.ema().orElseThrow().decay());
  }

  @Test
  void rejectsMissingKey() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "name: mine\n");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("'description'")
        .hasMessageContaining(file.toString());
  }

  @Test
  void rejectsInvalidYamlAndMissingFile() throws IOException {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "a: [1");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("Expected YAML");
    assertThatThrownBy(() -> Recipes.read("nonesuch", Map.of()))
        .isInstanceOf(UserErrorException.class)
        .hasMessageContaining("binary")
        .hasMessageContaining("'nonesuch'");
  }

  @Test
  void rejectsYamlObjects() throws IOException {
    Path file = Files.writeString(folder.resolve("evil.yaml"), "name: !!java.lang.Thread []\n");
    assertThatThrownBy(() -> Recipes.read(file.toString(), Map.of()))
        .isInstanceOf(UserErrorException.class);
  }

  @Test
  void readsResolvedRecipe() throws IOException {
    Recipes.ResolvedRecipe first =
        Recipes.read("quick", Map.of("seed", "12", "plateau.factor", "0.7"));
    Path file = Files.writeString(folder.resolve("again.yaml"), Recipes.toYaml(first));
    assertThat(Recipes.read(file.toString(), Map.of())).isEqualTo(first);
  }
}
