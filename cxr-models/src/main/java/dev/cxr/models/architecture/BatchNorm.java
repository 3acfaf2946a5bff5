package dev.cxr.models.architecture;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization (Ioffe and Szegedy 2015) of the channels, the second dimension. Parameters
 * and files are those of DJL's, whose output is a view of an array: no {@linkplain Layers#relu
 * function in place} can follow it.
 */
public final class BatchNorm extends AbstractBlock {

  /** The version of DJL's format for its parameters. */
  private static final byte VERSION = 2;

  private static final int LAST_AXIS = -1;
  private static final float MOMENTUM = .9f;

  private final float epsilon;
  private final Parameter gamma;
  private final Parameter beta;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private long channels;

  BatchNorm(float epsilon) {
    super(VERSION);
    this.epsilon = epsilon;
    gamma = add("gamma", Parameter.Type.GAMMA, true);
    beta = add("beta", Parameter.Type.BETA, true);
    runningMean = add("runningMean", Parameter.Type.RUNNING_MEAN, false);
    runningVar = add("runningVar", Parameter.Type.RUNNING_VAR, false);
  }

  private Parameter add(String name, Parameter.Type type, boolean requiresGradient) {
    return addParameter(
        Parameter.builder().setName(name).setType(type).optRequiresGrad(requiresGradient).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> arguments) {
    NDArray x = inputs.singletonOrThrow();
    Device device = x.getDevice();
    // The engine takes the second dimension whatever the axis is; for any other than the last, DJL
    // adds views.
    return x.getNDArrayInternal()
        .batchNorm(
            x,
            parameters.getValue(runningMean, device, training),
            parameters.getValue(runningVar, device, training),
            parameters.getValue(gamma, device, training),
            parameters.getValue(beta, device, training),
            LAST_AXIS,
            MOMENTUM,
            epsilon,
            training);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return inputs;
  }

  @Override
  protected void beforeInitialize(Shape... inputs) {
    super.beforeInitialize(inputs);
    channels = inputs[0].get(1);
  }

  @Override
  protected void prepare(Shape[] inputs) {
    parameters.values().forEach(parameter -> parameter.setShape(new Shape(channels)));
  }

  @Override
  protected void saveMetadata(DataOutputStream out) throws IOException {
    saveInputShapes(out);
    out.writeLong(channels);
  }

  @Override
  public void loadMetadata(byte version, DataInputStream in)
      throws IOException, MalformedModelException {
    if (version != VERSION) {
      throw new MalformedModelException("BatchNorm of version " + version);
    }
    readInputShapes(in);
    channels = in.readLong();
  }
}
