package dev.cxr.models.architecture;

import ai.djl.basicmodelzoo.cv.classification.ResNetV1;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import dev.cxr.data.shell.Refusal;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The networks that can be named in a recipe and in a bundle. */
public enum Architecture {
  /** The four-stage network of the binary notebooks: {@link BinaryCnn}. */
  BINARY_CNN("binary-cnn", "four conv stages and a dense layer, 6.8 M parameters at 224") {
    @Override
    void addTo(SequentialBlock network, InputSpec input, int outputs) {
      BinaryCnn.addTo(network, outputs);
    }
  },

  /**
   * What DJL's model zoo builds as ResNet-18; there are no weights for it.
   *
   * <p>Of He et al. 2015 it has the eight residual units, but as bottlenecks instead of pairs of
   * 3x3 convolutions, and so 0.9 M parameters instead of 11.2 M.
   */
  RESNET18(
      "resnet18", "ResNet-18 as DJL's model zoo builds it, with bottlenecks, 0.9 M parameters") {
    @Override
    void addTo(SequentialBlock network, InputSpec input, int outputs) {
      if (input.side() < SMALLEST_RESNET) {
        throw new IllegalArgumentException(
            "a side of at least %d pixels, not %d".formatted(SMALLEST_RESNET, input.side()));
      }
      network.add(
          ResNetV1.builder()
              .setImageShape(new Shape(input.channels(), input.side(), input.side()))
              .setNumLayers(18)
              .setOutSize(outputs)
              .build());
    }
  };

  /** Below it DJL would build another family of networks, which has none of 18 layers. */
  private static final int SMALLEST_RESNET = 29;

  private final String id;
  private final String summary;

  Architecture(String id, String summary) {
    this.id = id;
    this.summary = summary;
  }

  /** The name that people type, such as {@code binary-cnn}. */
  public String id() {
    return id;
  }

  /** What it is, in a line. */
  public String summary() {
    return summary;
  }

  /**
   * Finds an architecture by name.
   *
   * @throws Refusal if there is none of that name; it lists those there are
   */
  public static Architecture named(String id) {
    return Arrays.stream(values())
        .filter(a -> a.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                Refusal.ofUsage(
                    "an architecture of "
                        + Arrays.stream(values()).map(a -> a.id).collect(Collectors.joining(", ")),
                    "'" + id + "'",
                    "Choose one of those."));
  }

  /**
   * Builds the network, without parameters yet.
   *
   * @param outputs how many logits: one for a question of yes or no
   * @return a block from (N, 1, side, side) float32 in [0, 1] to (N, outputs) logits
   */
  public SequentialBlock create(InputSpec input, int outputs, MemoryFormat format) {
    SequentialBlock network = new SequentialBlock();
    network.add(InputBlock.of(input, format));
    addTo(network, input, outputs);
    return network;
  }

  abstract void addTo(SequentialBlock network, InputSpec input, int outputs);
}
