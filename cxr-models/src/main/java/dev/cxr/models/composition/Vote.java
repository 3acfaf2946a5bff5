package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.Answering;
import dev.cxr.models.neighbours.Index;
import dev.cxr.models.neighbours.NeighbourBlock;
import java.util.Optional;

/** The examples of an index that are nearest to a picture vote for its class. */
public final class Vote extends Composed {

  private final Answering network;
  private final Index.Over over;
  private final NeighbourBlock examples;

  /**
   * With a network that may have its parameters already.
   *
   * @param over what of a picture is compared
   * @param examples that are loaded with the network's parameters, or filled in
   */
  public Vote(Answering network, Index.Over over, NeighbourBlock examples) {
    this.network = part("network", network);
    this.over = over;
    this.examples = part("examples", examples);
  }

  /**
   * What an index compares of pictures.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @return (N, length), attached to the pictures' manager
   */
  public static NDArray vectors(
      Answering network, Index.Over over, ParameterStore parameters, NDArray pictures) {
    return switch (over) {
      case EMBEDDINGS -> network.embed(parameters, pictures);
      case PROBABILITIES -> probabilities(logits(network, parameters, pictures));
    };
  }

  /** A single logit speaks for the second of two classes. */
  private static NDArray probabilities(NDArray logits) {
    if (logits.getShape().get(1) > 1) {
      return logits.softmax(1);
    }
    NDArray second = Activation.sigmoid(logits);
    return NDArrays.concat(new NDList(second.neg().add(1), second), 1);
  }

  @Override
  NDArray answer(ParameterStore parameters, NDArray pictures) {
    NDArray vectors = vectors(network, over, parameters, pictures);
    return logits(examples, parameters, vectors);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return examples.getOutputShapes(inputs);
  }

  /** That of the network. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return network.embed(parameters, pictures);
  }

  /** That of the network: the vote has no gradient, but its layers can be looked at. */
  @Override
  public Optional<Evidence> evidence(int index) {
    return network.evidence(index);
  }
}
