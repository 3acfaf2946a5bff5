package dev.cxr.models.knn;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The last layer of a network whose classes are voted: from vectors (N, D) to logits, by the
 * nearest of the examples that are its parameters. Nothing is learned and no gradient passes.
 *
 * <p>Of two classes the one logit (N, 1) is the log-odds of the second's share of the votes, of
 * more each class's (N, classes) is the logarithm of its share: what makes probabilities of logits
 * gives the shares back, to the rounding of float32. A class without a vote is at minus infinity.
 *
 * <p>Parameters: {@code vectors} (M, D) and {@code classes} (M), both float32.
 */
public final class KnnBlock extends AbstractBlock {

  private static final byte VERSION = 1;

  private final KnnIndex index;
  private final int classCount;
  private final Parameter vectors;
  private final Parameter classes;

  /** Without its examples yet, which are loaded or {@link #setExamples filled in}. */
  public KnnBlock(KnnIndex index, int classCount) {
    super(VERSION);
    this.index = index;
    this.classCount = classCount;
    vectors = addParameter(parameter("vectors"));
    classes = addParameter(parameter("classes"));
  }

  private static Parameter parameter(String name) {
    return Parameter.builder()
        .setName(name)
        .setType(Parameter.Type.OTHER)
        .optRequiresGrad(false)
        .build();
  }

  /**
   * Takes the examples, once.
   *
   * @param manager that they are to go with
   * @param features a vector for each example
   * @param labels the class index of each
   */
  public void setExamples(NDManager manager, float[][] features, int[] labels) {
    float[] classValues = new float[labels.length];
    for (int i = 0; i < classValues.length; i++) {
      classValues[i] = labels[i];
    }
    vectors.setArray(manager.create(features));
    classes.setArray(manager.create(classValues));
  }

  @Override
  public void loadParameters(NDManager manager, DataInputStream in)
      throws IOException, MalformedModelException {
    super.loadParameters(manager, in);
    if (!vectors.isInitialized() || !classes.isInitialized()) {
      throw new MalformedModelException("an index without examples");
    }
    Shape shape = vectors.getArray().getShape();
    if (shape.dimension() != 2
        || shape.get(0) != index.exampleCount()
        || !classes.getArray().getShape().equals(new Shape(index.exampleCount()))) {
      throw new MalformedModelException(
          "%d examples were promised, vectors %s and classes %s found"
              .formatted(index.exampleCount(), shape, classes.getArray().getShape()));
    }
    for (float label : classes.getArray().toFloatArray()) {
      if (label != (int) label || label < 0 || label >= classCount) {
        throw new MalformedModelException("an example of class " + label);
      }
    }
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    NDArray queries = inputs.singletonOrThrow();
    NDArray examples = parameters.getValue(vectors, queries.getDevice(), false);
    int[] labels = labels(parameters.getValue(classes, queries.getDevice(), false));
    double[][] distances = index.distance().pairwise(queries, examples);
    int outputs = outputs();
    float[] logits = new float[distances.length * outputs];
    for (int i = 0; i < distances.length; i++) {
      NearestExamples nearest = NearestExamples.find(distances[i], index.vote().k(), any -> true);
      double[] shares = index.vote().probabilities(nearest, labels, classCount);
      if (outputs == 1) {
        logits[i] = (float) (Math.log(shares[1]) - Math.log(shares[0]));
      } else {
        for (int c = 0; c < outputs; c++) {
          logits[i * outputs + c] = (float) Math.log(shares[c]);
        }
      }
    }
    return new NDList(queries.getManager().create(logits, new Shape(distances.length, outputs)));
  }

  private static int[] labels(NDArray classes) {
    float[] values = classes.toFloatArray();
    int[] labels = new int[values.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) values[i];
    }
    return labels;
  }

  private int outputs() {
    return classCount == 2 ? 1 : classCount;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), outputs())};
  }
}
