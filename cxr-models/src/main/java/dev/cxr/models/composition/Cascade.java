package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.Answering;
import java.util.List;
import java.util.Optional;

/**
 * Two steps to three classes: is it pneumonia, and if so, of bacteria or of viruses.
 *
 * <p>A class's probability is that of its step times that of the step before; its logit here is the
 * logarithm of that, of which the softmax is the probability again.
 */
public final class Cascade extends Composed {

  private static final List<String> CLASSES = Task.THREE_CLASS.classes();
  private static final int NORMAL = CLASSES.indexOf("NORMAL");
  private static final int BACTERIAL = CLASSES.indexOf("BACTERIAL_PNEUMONIA");
  private static final int VIRAL = CLASSES.indexOf("VIRAL_PNEUMONIA");

  private final Answering binary;
  private final Answering subtype;

  /**
   * With networks that may have their parameters already.
   *
   * @param binary one logit, of {@link Task#BINARY}
   * @param subtype one logit, of {@link Task#SUBTYPE}
   */
  public Cascade(Answering binary, Answering subtype) {
    this.binary = part("binary", binary);
    this.subtype = part("subtype", subtype);
  }

  @Override
  NDArray answer(ParameterStore parameters, NDArray pictures) {
    NDArray first = logProbabilities(logits(binary, parameters, pictures));
    NDArray second = logProbabilities(logits(subtype, parameters, pictures));
    NDArray pneumonia = first.get(":, 1:2");
    NDArray[] columns = new NDArray[CLASSES.size()];
    columns[NORMAL] = first.get(":, 0:1");
    columns[VIRAL] = pneumonia.add(second.get(":, 0:1"));
    columns[BACTERIAL] = pneumonia.add(second.get(":, 1:2"));
    return NDArrays.concat(new NDList(columns), 1);
  }

  /** From (N, 1) to (N, 2): of the first class, and of the second, for which the logit speaks. */
  private static NDArray logProbabilities(NDArray logit) {
    return NDArrays.concat(new NDList(logit.zerosLike(), logit), 1).logSoftmax(1);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), CLASSES.size())};
  }

  /** That of the first step. */
  @Override
  public NDArray embed(ParameterStore parameters, NDArray pictures) {
    return binary.embed(parameters, pictures);
  }

  /** The step that settles it: the first one for normals, the second one for their causes. */
  @Override
  public Optional<Evidence> evidence(int index) {
    return index == NORMAL ? binary.evidence(0) : subtype.evidence(index == BACTERIAL ? 1 : 0);
  }
}
