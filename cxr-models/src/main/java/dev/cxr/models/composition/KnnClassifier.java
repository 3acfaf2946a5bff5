package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.PredictionBlock;
import dev.cxr.models.knn.KnnBlock;
import dev.cxr.models.knn.KnnIndex;
import java.util.Optional;

/** The nearest training examples, in the features of a network, vote in place of its last layer. */
public final class KnnClassifier extends CompositeBlock {

  private final PredictionBlock network;
  private final KnnIndex.FeatureKind featureKind;
  private final KnnBlock vote;

  /**
   * Combines a network and a vote, with or without their parameters.
   *
   * @param network the network
   * @param featureKind embeddings or probabilities
   * @param vote with its examples or without
   */
  public KnnClassifier(PredictionBlock network, KnnIndex.FeatureKind featureKind, KnnBlock vote) {
    this.network = addNetwork("network", network);
    this.featureKind = featureKind;
    this.vote = addNetwork("vote", vote);
  }

  /**
   * Computes the features that are compared.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param network the network
   * @param featureKind embeddings or probabilities
   * @param parameters where the block finds its parameters
   * @return (N, D) float32, attached to the manager of the images
   */
  public static NDArray features(
      PredictionBlock network,
      KnnIndex.FeatureKind featureKind,
      ParameterStore parameters,
      NDArray images) {
    return switch (featureKind) {
      case EMBEDDINGS -> network.embed(parameters, images);
      case PROBABILITIES ->
          PredictionBlock.probabilities(forwardLogits(network, parameters, images));
    };
  }

  @Override
  NDArray computeLogits(ParameterStore parameters, NDArray images) {
    return forwardLogits(vote, parameters, features(network, featureKind, parameters, images));
  }

  /** None: a vote has no gradient. */
  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return Optional.empty();
  }
}
