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
 * Grad-CAM: where in an image the evidence for a class lies (Selvaraju et al. 2017, equations 1 and
 * 2).
 *
 * <p>Each feature map of a layer is weighted by the mean gradient of a score with respect to it;
 * the positive part of their sum remains. Values of different images, layers and scores are not
 * comparable. The result shows what the network looked at, not where a disease is, at the
 * resolution of the maps; do not use layers far from the head, whose gradients are noise.
 *
 * <p>DJL collects gradients for one caller at a time and clears all others when it begins: calls
 * wait for each other, and must not run between the backward pass and the step of a training.
 */
public final class GradCam {

  private static final Object COLLECTOR_LOCK = new Object();
  private static final int[] CHANNEL_AXIS = {1};
  private static final int[] HEIGHT_AXIS = {2};
  private static final int[] WIDTH_AXIS = {3};

  private GradCam() {}

  /**
   * Computes the weighted sum of the feature maps of a layer.
   *
   * @param images (N, 1, side, side) float32 in [0, 1]
   * @param layer one that returns (N, C, h, w), such as {@link Network#featureMapLayer()}
   * @param score from logits (N, outputs) to the score to explain of each image, (N)
   * @param network the network to explain
   * @param parameters where the block finds its parameters
   * @return (N, h, w) float32, 0 where there is no evidence, otherwise more; attached to the
   *     manager of the images
   * @throws UserErrorException if there is no such layer, or it returns no maps
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
