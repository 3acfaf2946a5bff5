package dev.cxr.models.architecture;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import java.util.Iterator;
import java.util.List;

/**
 * The ResNet-18 of DJL's model zoo, without published weights.
 *
 * <p>It has the eight residual units of He et al. 2015, but as bottlenecks instead of pairs of 3x3
 * convolutions: 0.9 M parameters instead of 11.2 M. For inputs of up to 32 pixels the stem is one
 * 3x3 convolution.
 *
 * <pre>
 * (N, 1, 224, 224)
 * conv 7x7 / 2, 64, BatchNorm, ReLU; max pool 3x3 / 2             (N, 64, 56, 56)
 * 4 x [2 x bottleneck]   64, 128, 256, 512 channels                (N, 512, 7, 7)
 * global average pooling                                           (N, 512)
 * dense                                                            (N, outputs)
 * </pre>
 *
 * <p>886,817 trainable parameters with one output.
 */
final class ModelZooResNet18 {

  private static final int UNITS_PER_STAGE = 2;
  private static final int STAGES = 4;
  private static final List<String> STEM = List.of("conv1", "bn1", "relu1", "pool1");

  /** Without the last layer of the model zoo's network, which flattens a flat array. */
  private static final List<String> HEAD = List.of("avgpool", "flatten", "logits");

  private ModelZooResNet18() {}

  static NetworkDefinition define(InputSpec input, int outputs) {
    List<Block> layers =
        ResNetV1.builder()
            .setImageShape(new Shape(input.channels(), input.side(), input.side()))
            .setNumLayers(18)
            .setOutSize(outputs)
            .build()
            .getChildren()
            .values();
    int firstUnit = layers.size() - 1 - HEAD.size() - STAGES * UNITS_PER_STAGE;
    Iterator<Block> next = layers.iterator();
    NetworkDefinition definition = new NetworkDefinition().stage("stem");
    STEM.subList(0, firstUnit).forEach(name -> definition.add(name, next.next()));
    for (int stage = 1; stage <= STAGES; stage++) {
      definition.stage("stage" + stage);
      for (int unit = 0; unit < UNITS_PER_STAGE; unit++) {
        definition.add("stage%d.%d".formatted(stage, unit), next.next());
      }
    }
    definition.stage("head");
    HEAD.forEach(name -> definition.add(name, next.next()));
    return definition;
  }
}
