package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.Answering;
import java.util.Optional;

/** The mean of the logits for a picture and for its mirror image. */
final class Mirrored extends Composed {

  private static final int COLUMNS = 3;

  private final Answering network;

  Mirrored(Answering network) {
    this.network = part("network", network);
  }

  @Override
  NDArray answer(ParameterStore parameters, NDArray pictures) {
    NDArray asTheyAre = logits(network, parameters, pictures);
    NDArray mirrored = logits(network, parameters, pictures.flip(COLUMNS));
    return asTheyAre.add(mirrored).div(2);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return network.getOutputShapes(inputs);
  }

  /** That of the picture as it is. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return network.embed(parameters, pictures);
  }

  @Override
  public Optional<Evidence> evidence(int index) {
    return network.evidence(index);
  }
}
