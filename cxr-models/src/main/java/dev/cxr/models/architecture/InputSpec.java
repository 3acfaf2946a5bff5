package dev.cxr.models.architecture;

import java.util.List;

/**
 * The input of a network: a gray image repeated to one channel per mean, each normalized by (x -
 * mean) / std.
 *
 * @param side width and height, in pixels
 * @param mean subtracted from a pixel in [0, 1], one value per channel
 * @param std divides the difference, one value per channel
 */
public record InputSpec(int side, List<Double> mean, List<Double> std) {

  /**
   * Checks the values.
   *
   * @param side width and height, in pixels, from 16 to 2048
   * @param mean one value per channel
   * @param std one value per channel
   * @throws IllegalArgumentException if the side is not between 16 and 2048, or a mean or standard
   *     deviation is missing or invalid
   */
  public InputSpec {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (side < 16 || side > 2048) {
      throw new IllegalArgumentException("a side between 16 and 2048 pixels, not " + side);
    }
    if (mean.isEmpty()
        || mean.size() != std.size()
        || !mean.stream().allMatch(Double::isFinite)
        || !std.stream().allMatch(s -> s > 0 && Double.isFinite(s))) {
      throw new IllegalArgumentException(
          "a finite mean and a positive std for every channel, not %s and %s".formatted(mean, std));
    }
  }

  /**
   * {@return one channel in [0, 1], not normalized}
   *
   * @param side width and height, in pixels, from 16 to 2048
   */
  public static InputSpec gray(int side) {
    return new InputSpec(side, List.of(0.0), List.of(1.0));
  }

  /**
   * {@return three channels normalized by the mean and std of ImageNet, as in torchvision}
   *
   * @param side width and height, in pixels, from 16 to 2048
   */
  public static InputSpec imageNet(int side) {
    return new InputSpec(side, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /**
   * {@return three channels in [-1, 1], as Keras and timm feed MobileNet and Inception}
   *
   * @param side width and height, in pixels, from 16 to 2048
   */
  public static InputSpec minusOneToOne(int side) {
    return new InputSpec(side, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
  }

  /** {@return the number of channels} */
  public int channels() {
    return mean.size();
  }

  boolean isIdentity() {
    return channels() == 1 && mean.get(0) == 0 && std.get(0) == 1;
  }
}
