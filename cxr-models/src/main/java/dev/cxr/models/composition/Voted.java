package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.Answering;
import dev.cxr.models.neighbours.Index;
import dev.cxr.models.neighbours.NeighbourBlock;
import java.util.Optional;

/** The nearest examples vote, as a network sees them, in place of what it would answer itself. */
public final class Voted extends Composed {

  private final Answering network;
  private final Index.Over over;
  private final NeighbourBlock vote;

  /** With a network and a vote that may have their parameters already. */
  public Voted(Answering network, Index.Over over, NeighbourBlock vote) {
    this.network = part("network", network);
    this.over = over;
    this.vote = part("vote", vote);
  }

  /**
   * What of pictures is compared.
   *
   * @param pictures (N, 1, side, side) float32 in [0, 1]
   * @return (N, D) float32, attached to the pictures' manager
   */
  public static NDArray vectors(
      Answering network, Index.Over over, ParameterStore parameters, NDArray pictures) {
    return switch (over) {
      case EMBEDDINGS -> network.embed(parameters, pictures);
      case PROBABILITIES -> probabilities(logits(network, parameters, pictures));
    };
  }

  /** Of two classes where there is one logit, which speaks for the second. */
  private static NDArray probabilities(NDArray logits) {
    if (logits.getShape().get(1) > 1) {
      return logits.softmax(1);
    }
    NDArray second = Activation.sigmoid(logits);
    return second.neg().add(1).concat(second, 1);
  }

  @Override
  NDArray answer(ParameterStore parameters, NDArray pictures) {
    return logits(vote, parameters, vectors(network, over, parameters, pictures));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return vote.getOutputShapes(inputs);
  }

  /** That of the network. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return network.embed(parameters, pictures);
  }

  /** None: a vote has no gradient to follow. */
  @Override
  public Optional<Evidence> evidence(int index) {
    return Optional.empty();
  }
}
