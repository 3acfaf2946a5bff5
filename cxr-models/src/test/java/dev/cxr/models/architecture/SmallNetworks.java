package dev.cxr.models.architecture;

/** Networks small enough to reckon by hand, or to train while a test waits. */
public final class SmallNetworks {

  private SmallNetworks() {}

  /**
   * For pictures of 2 x 2 pixels: conv 1x1 to two maps, ReLU; flatten, dense 2, ReLU, two logits.
   */
  public static ClassifierNetwork handComputable() {
    return new ClassifierNetwork(
        new NetworkDefinition()
            .stage("backbone")
            .add("conv", Layers.conv(2, 1, 1))
            .add("maps", Layers.relu())
            .stage("head")
            .add("flatten", Layers.flatten())
            .add("dense", Layers.dense(2))
            .add("relu", Layers.relu())
            .add("logits", Layers.dense(2)),
        InputBlock.of(InputSpec.gray(16), MemoryFormat.CONTIGUOUS));
  }

  /** For pictures of any size: two convolutions 3x3 with ReLU, global average pooling, a logit. */
  public static ClassifierNetwork fastToTrain() {
    return new ClassifierNetwork(
        new NetworkDefinition()
            .stage("backbone")
            .add("conv1", Layers.biasedConv(8, 3, 1))
            .add("relu1", Layers.relu())
            .add("conv2", Layers.biasedConv(12, 3, 1))
            .add("relu2", Layers.relu())
            .stage("head")
            .add("avgpool", Layers.globalAveragePool())
            .add("logits", Layers.dense(1)),
        InputBlock.of(InputSpec.gray(16), MemoryFormat.CONTIGUOUS));
  }
}
