package dev.cxr.models.explanation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.SmallNetworks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GradCamTest {

  private static final int SIDE = 16;

  /**
   * Two pictures; of the hidden units the first is on for the first picture alone, the second for
   * the second. With x the picture, the maps are x and 2 x, and the gradients of a logit are the
   * dense layer's weights of the unit that is on, times the logit's weight of that unit:
   *
   * <pre>
   * picture 1, logit 0: 2 * (1 2 3 4), 2 * (-1 0 1 4): means 5, 2;  5 x + 2 * 2 x = 9 x
   *            logit 1: -1 times the same:                          -4.5 x, nothing positive
   * picture 2, logit 0: 7 * (-5 -5 -5 -5), 7 * (20 0 0 0): -35, 35; -35 x + 35 * 2 x = 35 x
   *            logit 1: 3 times:                                    15 x
   * </pre>
   */
  @Test
  void matchesHandComputedGradients() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network = SmallNetworks.handComputable();
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 2, 2));
      List<Parameter> parameters = network.getParameters().values();
      parameters.get(0).getArray().set(new float[] {1, 2});
      parameters
          .get(1)
          .getArray()
          .set(new float[] {1, 2, 3, 4, -1, 0, 1, 4, -5, -5, -5, -5, 20, 0, 0, 0});
      parameters.get(3).getArray().set(new float[] {2, 7, -1, 3});
      NDArray images =
          manager.create(new float[] {.1f, .2f, .3f, .4f, .4f, 0, 0, 0}, new Shape(2, 1, 2, 2));

      assertThat(gradCam(network, manager, images, "maps", 0))
          .containsExactly(new float[] {.9f, 1.8f, 2.7f, 3.6f, 14, 0, 0, 0}, within(1e-5f));
      assertThat(gradCam(network, manager, images, "maps", 1))
          .containsExactly(new float[] {0, 0, 0, 0, 6, 0, 0, 0}, within(1e-5f));
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOENCODER")
  void explainsEveryClassifierWithoutLeaks(BuiltInArchitecture architecture) {
    int side = Math.max(48, architecture.minSide());
    try (NDManager manager = NDManager.newBaseManager();
        NDManager scope = manager.newSubManager()) {
      ClassifierNetwork network =
          architecture.create(architecture.input(side), 3, MemoryFormat.CHANNELS_LAST);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      ParameterStore parameters = new ParameterStore(manager, false);
      Engine.getEngine("PyTorch").setRandomSeed(5);
      NDArray images = scope.randomUniform(0, 1, new Shape(2, 1, side, side));
      String layer = network.featureMapLayer();
      Shape maps = network.featureMap(parameters, images).getShape();
      int before = scope.getManagedArrays().size();
      NDArray forClass = GradCam.compute(network, parameters, images, layer, l -> l.get(":, 1"));
      NDArray againstClass =
          GradCam.compute(network, parameters, images, layer, l -> l.get(":, 1").neg());
      assertThat(scope.getManagedArrays()).hasSize(before + 2);
      for (NDArray cam : List.of(forClass, againstClass)) {
        assertThat(cam.getShape()).isEqualTo(new Shape(2, maps.get(2), maps.get(3)));
        assertThat(cam.min().getFloat()).isNotNegative();
        assertThat(cam.max().getFloat()).isFinite();
      }
      assertThat(forClass.mul(againstClass).max().getFloat())
          .as("nothing speaks for both")
          .isZero();
      assertThat(forClass.add(againstClass).max().getFloat())
          .as("something speaks for one")
          .isPositive();
    }
  }

  @Test
  void rejectsLayersWithoutMaps() {
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network = SmallNetworks.handComputable();
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 2, 2));
      NDArray images = manager.zeros(new Shape(1, 1, 2, 2));
      assertThatThrownBy(() -> gradCam(network, manager, images, "dense", 0))
          .isInstanceOf(UsageErrorException.class)
          .hasMessageContaining("'dense', which returns (1, 2)");
    }
  }

  @Test
  void isThreadSafe() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (NDManager manager = NDManager.newBaseManager()) {
      ClassifierNetwork network = SmallNetworks.fastToTrain();
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, SIDE, SIDE));
      List<Future<float[]>> maps = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        maps.add(
            threads.submit(
                () -> {
                  try (NDManager own = manager.newSubManager()) {
                    NDArray image = own.ones(new Shape(1, 1, SIDE, SIDE));
                    return gradCam(network, own, image, "relu2", 0);
                  }
                }));
      }
      for (Future<float[]> map : maps) {
        assertThat(map.get()).isEqualTo(maps.get(0).get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * The check of Adebayo et al. 2018: an explanation that stays when the weights are thrown away
   * explains the picture, not the network.
   */
  @Test
  void followsTheParameters() {
    Random random = new Random(7);
    Engine.getEngine("PyTorch").setRandomSeed(1);
    try (Model model = Model.newInstance("stripes", "PyTorch")) {
      ClassifierNetwork network = SmallNetworks.fastToTrain();
      model.setBlock(network);
      try (Trainer trainer =
          model.newTrainer(
              new DefaultTrainingConfig(Loss.sigmoidBinaryCrossEntropyLoss())
                  .optOptimizer(
                      Optimizer.adam().optLearningRateTracker(Tracker.fixed(.02f)).build()))) {
        trainer.initialize(new Shape(1, 1, SIDE, SIDE));
        trainOnStripes(trainer, random);
      }
      NDManager manager = model.getNDManager();
      NDArray images = stripes(manager, random, 20, true);
      assertThat(shareInUpperHalf(gradCam(network, manager, images, "relu2", 0))).isGreaterThan(.9);

      double sum = 0;
      for (int trial = 0; trial < 5; trial++) {
        for (Parameter parameter : network.getParameters().values()) {
          NDArray array = parameter.getArray();
          array.intern(manager.randomNormal(0, .3f, array.getShape(), DataType.FLOAT32));
        }
        sum += shareInUpperHalf(gradCam(network, manager, images, "relu2", 0));
      }
      assertThat(sum / 5).isLessThan(.7);
    }
  }

  private static void trainOnStripes(Trainer trainer, Random random) {
    for (int step = 0; step < 60; step++) {
      try (NDManager scope = trainer.getManager().newSubManager()) {
        NDArray images = stripes(scope, random, 8, true).concat(stripes(scope, random, 8, false));
        NDArray labels = scope.ones(new Shape(8, 1)).concat(scope.zeros(new Shape(8, 1)));
        try (GradientCollector collector = trainer.newGradientCollector()) {
          NDList logits = trainer.forward(new NDList(images));
          collector.backward(trainer.getLoss().evaluate(new NDList(labels), logits));
        }
        trainer.step();
      }
    }
  }

  /** The share of what maps show that lies in their upper half. */
  private static double shareInUpperHalf(float[] maps) {
    double upper = 0;
    double lower = 0;
    for (int i = 0; i < maps.length; i++) {
      if (i / SIDE % SIDE < SIDE / 2) {
        upper += maps[i];
      } else {
        lower += maps[i];
      }
    }
    return upper + lower == 0 ? .5 : upper / (upper + lower);
  }

  private static float[] gradCam(
      ClassifierNetwork network, NDManager manager, NDArray images, String layer, int logit) {
    ParameterStore parameters = new ParameterStore(manager, false);
    return GradCam.compute(network, parameters, images, layer, l -> l.get(":, " + logit))
        .toFloatArray();
  }

  /** Lying stripes in the upper half, or upright ones there as in the lower half. */
  private static NDArray stripes(NDManager manager, Random random, int count, boolean horizontal) {
    float[] pixels = new float[count * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int y = i / SIDE % SIDE;
      int along = horizontal && y < SIDE / 2 ? y : i % SIDE;
      pixels[i] = (along % 2 == 0 ? .8f : .2f) + .1f * (random.nextFloat() - .5f);
    }
    return manager.create(pixels, new Shape(count, 1, SIDE, SIDE));
  }
}
