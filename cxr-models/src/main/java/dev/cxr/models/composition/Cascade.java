package dev.cxr.models.composition;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.PredictionBlock;
import java.util.List;
import java.util.Optional;

/**
 * Three classes in two steps: pneumonia or not, then bacterial or viral.
 *
 * <p>The probability of a class is that of its step times that of the step before; its logit is the
 * logarithm of this product, so that the softmax returns it.
 */
public final class Cascade extends CompositeBlock {

  private static final List<String> CLASSES = Task.THREE_CLASS.classes();
  private static final int NORMAL_INDEX = CLASSES.indexOf("NORMAL");
  private static final int BACTERIAL_INDEX = CLASSES.indexOf("BACTERIAL_PNEUMONIA");
  private static final int VIRAL_INDEX = CLASSES.indexOf("VIRAL_PNEUMONIA");

  private final PredictionBlock binary;
  private final PredictionBlock subtype;

  /**
   * Combines networks, with or without their parameters.
   *
   * @param binary one logit, of {@link Task#BINARY}
   * @param subtype one logit, of {@link Task#SUBTYPE}
   */
  public Cascade(PredictionBlock binary, PredictionBlock subtype) {
    this.binary = addNetwork("binary", binary);
    this.subtype = addNetwork("subtype", subtype);
  }

  @Override
  NDArray computeLogits(ParameterStore parameters, NDArray images) {
    NDArray binaryLogProbabilities = logProbabilities(forwardLogits(binary, parameters, images));
    NDArray subtypeLogProbabilities = logProbabilities(forwardLogits(subtype, parameters, images));
    NDArray pneumonia = binaryLogProbabilities.get(":, 1:2");
    NDArray[] columns = new NDArray[CLASSES.size()];
    columns[NORMAL_INDEX] = binaryLogProbabilities.get(":, 0:1");
    columns[VIRAL_INDEX] = pneumonia.add(subtypeLogProbabilities.get(":, 0:1"));
    columns[BACTERIAL_INDEX] = pneumonia.add(subtypeLogProbabilities.get(":, 1:2"));
    return NDArrays.concat(new NDList(columns), 1);
  }

  /** From the logit of the second class (N, 1) to log probabilities of both classes (N, 2). */
  private static NDArray logProbabilities(NDArray logit) {
    return NDArrays.concat(new NDList(logit.zerosLike(), logit), 1).logSoftmax(1);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), CLASSES.size())};
  }

  /** The step that decides: the first one for NORMAL, the second one for the causes. */
  @Override
  public Optional<GradCamTarget> gradCamTarget(int classIndex) {
    return classIndex == NORMAL_INDEX
        ? binary.gradCamTarget(0)
        : subtype.gradCamTarget(classIndex == BACTERIAL_INDEX ? 1 : 0);
  }
}
