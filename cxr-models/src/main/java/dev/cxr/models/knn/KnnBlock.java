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
 * A k-nearest-neighbours vote as the last layer of a network: from vectors (N, D) to logits, by the
 * training examples that are its parameters. It is not trained and has no gradient.
 *
 * <p>For two classes the logit (N, 1) is the log-odds of the second class's share of the votes; for
 * more, each logit (N, classes) is the logarithm of a share. Sigmoid and softmax return the shares,
 * up to float32 rounding. The logit of a class without a vote is minus infinity.
 *
 * <p>Parameters: {@code vectors} (M, D) and {@code classes} (M), both float32.
 */
public final class KnnBlock extends AbstractBlock {

  private static final byte VERSION = 1;

  private final KnnIndex index;
  private final int classCount;
  private final Parameter vectors;
  private final Parameter classes;

  /**
   * A vote without examples, which are loaded or {@linkplain #setExamples set} later.
   *
   * @param index the index
   * @param classCount the number of classes
   */
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
   * Sets the examples; may be called once.
   *
   * @param manager that owns them
   * @param features one vector per example
   * @param labels one class index per example
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
      throw new MalformedModelException("an index without its examples");
    }
    Shape shape = vectors.getArray().getShape();
    if (shape.dimension() != 2
        || shape.get(0) != index.exampleCount()
        || !classes.getArray().getShape().equals(new Shape(index.exampleCount()))) {
      throw new MalformedModelException(
          "expected %d examples, found vectors %s and classes %s"
              .formatted(index.exampleCount(), shape, classes.getArray().getShape()));
    }
    for (float label : classes.getArray().toFloatArray()) {
      if (label != (int) label || label < 0 || label >= classCount) {
        throw new MalformedModelException(
            "expected class indices below %d, found %s".formatted(classCount, label));
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
