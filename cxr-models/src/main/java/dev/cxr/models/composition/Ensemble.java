package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.models.architecture.Answering;
import java.util.List;
import java.util.Optional;

/** The mean of the logits of several networks that answer the same task. */
public final class Ensemble extends Composed {

  private final List<Answering> members;

  /**
   * With networks that may have their parameters already.
   *
   * @param members at least two, of one task and one input
   */
  public Ensemble(List<? extends Answering> members) {
    this.members = List.copyOf(members);
    for (int i = 0; i < members.size(); i++) {
      part("member" + (i + 1), this.members.get(i));
    }
  }

  @Override
  NDArray answer(ParameterStore parameters, NDArray pictures) {
    NDArray sum = logits(members.get(0), parameters, pictures);
    for (Answering member : members.subList(1, members.size())) {
      sum = sum.add(logits(member, parameters, pictures));
    }
    return sum.div(members.size());
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return members.get(0).getOutputShapes(inputs);
  }

  /** Those of all members, one after the other. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return NDArrays.concat(
        new NDList(
            members.stream()
                .map(member -> member.embed(parameters, pictures))
                .toArray(NDArray[]::new)),
        1);
  }

  /** That of the first member. */
  @Override
  public Optional<Evidence> evidence(int index) {
    return members.get(0).evidence(index);
  }
}
