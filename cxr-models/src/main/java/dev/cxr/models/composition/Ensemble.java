package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.PredictionBlock;
import java.util.List;

/** The mean of the logits of several networks for the same task. */
public final class Ensemble extends CompositeBlock {

  private final List<PredictionBlock> members;

  /**
   * Combines networks, with or without their parameters.
   *
   * @param members at least two, of one task and one input
   */
  public Ensemble(List<? extends PredictionBlock> members) {
    this.members = List.copyOf(members);
    for (int i = 0; i < members.size(); i++) {
      addNetwork("member" + (i + 1), this.members.get(i));
    }
  }

  @Override
  NDArray computeLogits(ParameterStore parameters, NDArray images) {
    NDArray sum = forwardLogits(members.get(0), parameters, images);
    for (PredictionBlock member : members.subList(1, members.size())) {
      sum = sum.add(forwardLogits(member, parameters, images));
    }
    return sum.div(members.size());
  }

  /** The embeddings of all members, concatenated. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray images) {
    return NDArrays.concat(
        new NDList(
            members.stream()
                .map(member -> member.embed(parameters, images))
                .toArray(NDArray[]::new)),
        1);
  }
}
