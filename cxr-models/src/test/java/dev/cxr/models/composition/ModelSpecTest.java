package dev.cxr.models.composition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.architecture.SmallNetworks;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSpecTest {

  private static final int SIDE = 16;

  private NDManager manager;
  private ParameterStore parameters;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    parameters = new ParameterStore(manager, false);
    Engine.getEngine("PyTorch").setRandomSeed(11);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private <B extends PredictionBlock> B initialized(B block) {
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, SIDE, SIDE));
    return block;
  }

  private NDArray randomImages(int count) {
    return manager.randomUniform(0, 1, new Shape(count, 1, SIDE, SIDE));
  }

  private float[] logits(PredictionBlock block, NDArray images) {
    return block.forward(parameters, new NDList(images), false).singletonOrThrow().toFloatArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "binary-cnn; binary, subtype, three-class",
        "autoencoder; ''",
        "flip-averaged(resnet18); binary, subtype, three-class",
        "cascade(binary-cnn, flip-averaged(resnet18)); three-class",
        "flip-averaged(cascade(binary-cnn, resnet18)); three-class",
        "cascade(cascade(binary-cnn, resnet18), resnet18); ''",
        "ensemble(binary-cnn, flip-averaged(resnet18), binary-cnn); binary, subtype, three-class",
        "flip-averaged(ensemble(binary-cnn, cascade(binary-cnn, resnet18))); three-class",
        "ensemble(binary-cnn, autoencoder); ''",
        "mahalanobis(mobilenet-v1-025); anomaly",
        "mahalanobis(mobilenet-v1-025, conv_pw_11_relu); anomaly",
        "mahalanobis(autoencoder); ''",
        "reconstruction(autoencoder); anomaly",
        "reconstruction(resnet18); ''"
      })
  void parsesItsOwnTextAndSupportsTasks(String text, String tasks) {
    ModelSpec composition = ModelSpec.parse(text);
    assertThat(composition).hasToString(text);
    assertThat(Task.BUILT_IN.stream().filter(composition::supports).map(Task::name))
        .isEqualTo(tasks.isEmpty() ? List.of() : Arrays.asList(tasks.split(", ", -1)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mirrored(ensemble(resnet18, mirrored(resnet18)));"
            + "flip-averaged(ensemble(resnet18, flip-averaged(resnet18)))",
        "distance(resnet18); mahalanobis(resnet18)",
        "distance(resnet18, stem); mahalanobis(resnet18, stem)"
      })
  void parsesNamesOfFormat1(String old, String text) {
    assertThat(ModelSpec.parse(old)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "flip-averaged",
        "flip-averaged()",
        "flip-averaged(binary-cnn",
        "flip-averaged(binary-cnn))",
        "flip-averaged(binary-cnn, resnet18)",
        "cascade(binary-cnn)",
        "ensemble(binary-cnn)",
        "mahalanobis(flip-averaged(binary-cnn))",
        "mahalanobis(resnet18, a, b)",
        "(binary-cnn)"
      })
  void rejectsInvalidText(String text) {
    assertThatThrownBy(() -> ModelSpec.parse(text)).isInstanceOf(UserErrorException.class);
  }

  @Test
  void flipAveragingIsInvariantToFlips() {
    PredictionBlock network = initialized(SmallNetworks.fastToTrain());
    PredictionBlock mirrored = initialized(new FlipAveraged(network));
    NDArray images = randomImages(3);
    NDArray flipped = images.flip(3);
    float[] original = logits(network, images);
    float[] flippedLogits = logits(network, flipped);
    assertThat(original).isNotEqualTo(flippedLogits);
    float[] averaged = logits(mirrored, images);
    assertThat(averaged).containsExactly(logits(mirrored, flipped), within(1e-6f));
    for (int i = 0; i < averaged.length; i++) {
      assertThat(averaged[i]).isEqualTo((original[i] + flippedLogits[i]) / 2, within(1e-6f));
    }
  }

  @Test
  void ensembleAveragesLogits() {
    List<PredictionBlock> members =
        List.of(
            initialized(SmallNetworks.fastToTrain()),
            initialized(SmallNetworks.fastToTrain()),
            initialized(SmallNetworks.fastToTrain()));
    PredictionBlock ensemble = initialized(new Ensemble(members));
    NDArray images = randomImages(4);
    float[] together = logits(ensemble, images);
    List<float[]> each = members.stream().map(member -> logits(member, images)).toList();
    assertThat(each.get(0)).isNotEqualTo(each.get(1));
    for (int i = 0; i < together.length; i++) {
      float mean = (each.get(0)[i] + each.get(1)[i] + each.get(2)[i]) / 3;
      assertThat(together[i]).isEqualTo(mean, within(1e-6f));
    }
    long length = members.get(0).embed(parameters, images).getShape().get(1);
    assertThat(ensemble.embed(parameters, images).getShape()).isEqualTo(new Shape(4, 3 * length));
    assertThat(ensemble.gradCamTarget(0).orElseThrow().network()).isSameAs(members.get(0));
  }

  @Test
  void cascadeMultipliesProbabilities() {
    PredictionBlock binary = initialized(SmallNetworks.fastToTrain());
    PredictionBlock subtype = initialized(SmallNetworks.fastToTrain());
    PredictionBlock cascade = initialized(new Cascade(binary, subtype));
    NDArray images = randomImages(4);
    float[] logits = logits(cascade, images);
    float[] first = logits(binary, images);
    float[] second = logits(subtype, images);
    for (int i = 0; i < first.length; i++) {
      double pneumonia = 1 / (1 + Math.exp(-first[i]));
      double bacterial = 1 / (1 + Math.exp(-second[i]));
      assertThat(Math.exp(logits[3 * i])).isEqualTo(1 - pneumonia, within(1e-6));
      assertThat(Math.exp(logits[3 * i + 1])).isEqualTo(pneumonia * bacterial, within(1e-6));
      assertThat(Math.exp(logits[3 * i + 2])).isEqualTo(pneumonia * (1 - bacterial), within(1e-6));
    }
    assertThat(cascade.gradCamTarget(0).orElseThrow().network()).isSameAs(binary);
    assertThat(cascade.gradCamTarget(1).orElseThrow().network()).isSameAs(subtype);
    assertThat(cascade.gradCamTarget(2).orElseThrow().network()).isSameAs(subtype);
  }

  @Test
  void gradCamScoreHasTheSignOfTheClass() {
    NDArray one = manager.create(new float[] {2, -3}, new Shape(2, 1));
    var network = SmallNetworks.fastToTrain();
    assertThat(network.gradCamTarget(1).orElseThrow().score().apply(one).toFloatArray())
        .containsExactly(2, -3);
    assertThat(network.gradCamTarget(0).orElseThrow().score().apply(one).toFloatArray())
        .containsExactly(-2, 3);
    NDArray three = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
    assertThat(network.gradCamTarget(0).orElseThrow().score().apply(three).toFloatArray())
        .containsExactly(1, 4);
    assertThat(network.gradCamTarget(2).orElseThrow().score().apply(three).toFloatArray())
        .containsExactly(3, 6);
  }

  /** The share was reckoned in NumPy, from the formula in the form that scikit-learn has it. */
  @Test
  void covarianceShrinkageMatchesLedoitWolf() {
    int length = 12;
    float[] rows = new float[8 * length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) Math.sin(1 + i * i * 0.37) * (1 + i % length);
    }
    MahalanobisDistance distance = new MahalanobisDistance(SmallNetworks.fastToTrain(), "avgpool");
    double share = distance.fit(manager, manager.create(rows, new Shape(8, length)));
    assertThat(share).isEqualTo(0.6272529625687792, within(1e-6));
  }

  @Test
  void mahalanobisScoresAreStandardized() {
    MahalanobisDistance distance =
        new MahalanobisDistance(initialized(SmallNetworks.fastToTrain()), "relu2");
    NDArray normals = randomImages(40).mul(0.2).add(0.4);
    distance.fit(manager, distance.embed(parameters, normals));
    distance.fitStandardization(manager, distance.scores(parameters, normals));
    initialized(distance);
    float[] ofNormals = logits(distance, normals);
    double mean = 0;
    for (float answer : ofNormals) {
      mean += answer / ofNormals.length;
    }
    assertThat(mean).isEqualTo(0, within(1e-4));
    for (float answer : logits(distance, manager.zeros(new Shape(2, 1, SIDE, SIDE)))) {
      assertThat(answer).isGreaterThan(3);
    }
    assertThat(distance.gradCamTarget(1)).isEmpty();
  }

  @Test
  void reconstructionScoreIsLogMeanSquaredError() {
    var composition = ModelSpec.parse("reconstruction(autoencoder)");
    var block =
        (ReconstructionError) composition.create(InputSpec.gray(SIDE), 1, MemoryFormat.CONTIGUOUS);
    TestAnomalyScorers.fit(block, manager, SIDE);
    initialized(block);
    NDArray images = randomImages(3);
    float[] given = images.toFloatArray();
    float[] back = block.reconstruct(parameters, images).toFloatArray();
    double[] scores = block.scores(parameters, images);
    int size = SIDE * SIDE;
    for (int i = 0; i < 3; i++) {
      double sum = 0;
      for (int j = i * size; j < (i + 1) * size; j++) {
        sum += Math.pow((double) given[j] - back[j], 2);
      }
      assertThat(scores[i]).isEqualTo(Math.log(sum / size), within(1e-4));
    }
    assertThat(block.embed(parameters, images).getShape()).isEqualTo(new Shape(3, 256));
  }

  @Test
  void rejectsConstantNormalScores() {
    MahalanobisDistance distance = new MahalanobisDistance(SmallNetworks.fastToTrain(), "avgpool");
    assertThatThrownBy(() -> distance.fitStandardization(manager, new double[] {2, 2, 2}))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
