package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import java.util.Optional;

/** The nearest examples vote, as a network sees them, in place of what it would answer itself. */
public final class KnnClassifier extends CompositeBlock {

  private final PredictionBlock network;
  private final KnnIndex.FeatureKind featureKind;
  private final KnnBlock vote;

  /** With a network and a vote that may have their parameters already. */
  public KnnClassifier(PredictionBlock network, KnnIndex.FeatureKind featureKind, KnnBlock vote) {
    this.network = addNetwork("network", network);
    this.featureKind = featureKind;
    this.vote = addNetwork("vote", vote);
  }

  /**
   * What of pictures is compared.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @return (N, D) float32, attached to the pictures' manager
   */
  public static NDArray features(
      PredictionBlock network,
      KnnIndex.FeatureKind featureKind,
      ParameterStore parameters,
      NDArray images) {
    return switch (featureKind) {
      case EMBEDDINGS -> network.embed(parameters, images);
      case PROBABILITIES -> probabilities(forwardLogits(network, parameters, images));
    };
  }

  /** Of two classes where there is one logit, which speaks for the second. */
  private static NDArray probabilities(NDArray logits) {
    if (logits.getShape().get(1) > 1) {
      return logits.softmax(1);
    }
    NDArray positive = Activation.sigmoid(logits);
    return positive.neg().add(1).concat(positive, 1);
  }

  @Override
  NDArray computeLogits(ParameterStore parameters, NDArray images) {
    return forwardLogits(vote, parameters, features(network, featureKind, parameters, images));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return vote.getOutputShapes(inputs);
  }

  /** That of the network. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return network.embed(parameters, images);
  }

  /** None: a vote has no gradient to follow. */
  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return Optional.empty();
  }
}
