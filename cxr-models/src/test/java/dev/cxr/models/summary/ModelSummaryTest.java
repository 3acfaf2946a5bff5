package dev.cxr.models.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.PublishedReference;
import dev.cxr.models.summary.ModelSummary.LayerRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ModelSummaryTest {

  private static final int IMAGENET_CLASSES = 1000;

  @ParameterizedTest
  @EnumSource(names = {"RESNET50", "DENSENET121", "VGG16", "XCEPTION", "INCEPTION_V3"})
  void backboneParameterCountMatchesPublished(BuiltInArchitecture architecture) {
    PublishedReference reference = PublishedReference.of(architecture.id().replace('-', '_'));
    long held =
        reference.parameters().stream()
            .mapToLong(tensor -> tensor.shape().stream().reduce(1L, Math::multiplyExact))
            .sum();
    try (NDManager manager = NDManager.newBaseManager()) {
      ModelSummary summary = summary(manager, architecture, 1);
      long head = lastRow(summary).parameters();
      assertThat(summary.trainable() - head).isEqualTo(reference.trainableParametersWithoutHead());
      assertThat(summary.parameters() - head).isEqualTo(held);
    }
  }

  /** Millions as torchvision 0.14 and the papers of MobileNet and Xception's port state them. */
  @ParameterizedTest
  @CsvSource({
    "resnet50, 4089, .5",
    "densenet121, 2834, .5",
    "inception-v3, 5713, .5",
    "mobilenet-v1, 569, 1",
    "mobilenet-v1-075, 325, 1",
    "mobilenet-v1-050, 149, 1",
    "mobilenet-v1-025, 41, 1"
  })
  void flopsMatchPublished(String architecture, double millions, double tolerance) {
    try (NDManager manager = NDManager.newBaseManager()) {
      ModelSummary summary =
          summary(manager, Architectures.forName(architecture), IMAGENET_CLASSES);
      assertThat(summary.flops() / 2e6).isCloseTo(millions, within(tolerance));
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowShapesMatchTheForwardPass(BuiltInArchitecture architecture) {
    int side = Math.max(32, architecture.minSide());
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = architecture.create(side);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      ModelSummary summary = ModelSummary.of(network, side);
      assertThat(summary.rows())
          .extracting(LayerRow::layer)
          .containsExactlyElementsOf(network.getChildren().keys());
      assertThat(summary.text()).doesNotContain("Lambda", "Block");

      ParameterStore parameters = new ParameterStore(manager, false);
      NDList current = new NDList(manager.zeros(new Shape(1, 1, side, side)));
      for (LayerRow row : summary.rows()) {
        Block layer = network.getChildren().get(row.layer());
        current = layer.forward(parameters, current, false);
        assertThat(current.get(0).getShape()).as(row.layer()).isEqualTo(row.output());
      }
    }
  }

  @Test
  void printsATableLikeKeras() {
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = BuiltInArchitecture.COMPACT_CNN.create(150);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 150, 150));
      assertThat(ModelSummary.of(network, 150).text())
          .isEqualTo(
              """
              stage          layer    kind      output             parameters        FLOPs
              ----------------------------------------------------------------------------
              stage1         input    input     (N, 1, 150, 150)            0            0
              stage1         conv1    conv 3x3  (N, 32, 150, 150)         320   12,960,000
              stage1         relu1    relu      (N, 32, 150, 150)           0            0
              stage1         pool1    max pool  (N, 32, 75, 75)             0            0
              stage2         conv2    conv 3x3  (N, 64, 75, 75)        18,496  207,360,000
              stage2         relu2    relu      (N, 64, 75, 75)             0            0
              stage2         pool2    max pool  (N, 64, 38, 38)             0            0
              stage3         conv3    conv 3x3  (N, 128, 38, 38)       73,856  212,926,464
              stage3         relu3    relu      (N, 128, 38, 38)            0            0
              stage3         pool3    max pool  (N, 128, 19, 19)            0            0
              stage4         conv4    conv 3x3  (N, 128, 19, 19)      147,584  106,463,232
              stage4         relu4    relu      (N, 128, 19, 19)            0            0
              stage4         pool4    max pool  (N, 128, 10, 10)            0            0
              head           flatten  flatten   (N, 12800)                  0            0
              head           dropout  dropout   (N, 12800)                  0            0
              head           dense    dense     (N, 512)            6,554,112   13,107,200
              head           relu     relu      (N, 512)                    0            0
              head           logits   dense     (N, 1)                    513        1,024
              ----------------------------------------------------------------------------
              total                                                 6,794,881  552,817,920
              trainable                                             6,794,881
              not trainable                                                 0
              """);
    }
  }

  private static ModelSummary summary(NDManager manager, Architecture architecture, int outputs) {
    int side = architecture.defaultSide();
    Network network =
        architecture.create(architecture.input(side), outputs, MemoryFormat.CHANNELS_LAST);
    network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
    return ModelSummary.of(network, side);
  }

  private static LayerRow lastRow(ModelSummary summary) {
    return summary.rows().get(summary.rows().size() - 1);
  }
}
