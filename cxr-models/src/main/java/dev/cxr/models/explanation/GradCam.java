package dev.cxr.models.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.models.architecture.Network;
import java.util.function.UnaryOperator;

/**
 * Grad-CAM: where in a picture the evidence for an answer lies (Selvaraju et al. 2017, equations 1
 * and 2).
 *
 * <p>Each feature map of a layer is weighed by the mean gradient of a score with respect to it; of
 * their sum what is positive remains. Values of different pictures, layers and scores are not on
 * one scale. It shows what the network looked at, not where a disease is, and is as coarse as the
 * layer's maps; layers far from the head give little (their gradients are noise).
 *
 * <p>DJL collects gradients for one caller at a time and clears all others when it begins: calls
 * wait for each other, but must not fall between the backward pass and the step of a training.
 */
public final class GradCam {

  private static final Object COLLECTOR_LOCK = new Object();
  private static final int[] CHANNEL_AXIS = {1};
  private static final int[] HEIGHT_AXIS = {2};
  private static final int[] WIDTH_AXIS = {3};

  private GradCam() {}

  /**
   * Weighs and sums the feature maps of a layer.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param layer one that gives (N, C, h, w), such as {@link Network#featureMapLayer()}
   * @param score from logits (N, outputs) to what is to be explained of each picture, (N)
   * @return (N, h, w) float32, 0 where nothing speaks for the answer, otherwise more; attached to
   *     the pictures' manager
   * @throws UserErrorException if there is no such layer, or it gives no maps
   */
  public static NDArray compute(
      Network network,
      ParameterStore parameters,
      NDArray images,
      String layer,
      UnaryOperator<NDArray> score) {
    try (NDManager scope = images.getManager().newSubManager()) {
      scope.tempAttachAll(images);
      NDArray maps = network.featureMaps(parameters, images, layer).stopGradient();
      NDArray gradient = gradient(network, parameters, maps, layer, score);
      NDArray weights =
          gradient.mean(WIDTH_AXIS, true).mean(HEIGHT_AXIS, true); // DJL takes one axis a time
      NDArray sum = maps.stopGradient().mul(weights).sum(CHANNEL_AXIS);
      return scope.ret(Activation.relu(sum));
    }
  }

  private static NDArray gradient(
      Network network,
      ParameterStore parameters,
      NDArray maps,
      String layer,
      UnaryOperator<NDArray> score) {
    maps.setRequiresGradient(true);
    synchronized (COLLECTOR_LOCK) {
      try (GradientCollector collector = maps.getManager().getEngine().newGradientCollector()) {
        collector.backward(score.apply(network.forwardFrom(parameters, maps, layer)).sum());
      }
      return maps.getGradient();
    }
  }
}
