package dev.cxr.models.architecture;

import java.util.List;

/**
 * What a network is fed: a gray picture, repeated to as many channels as there are means, each
 * scaled by (x - mean) / std.
 *
 * @param side width and height, in pixels
 * @param mean subtracted from a pixel in [0, 1], one value a channel
 * @param std what the difference is divided by, one value a channel
 */
public record InputSpec(int side, List<Double> mean, List<Double> std) {

  /** Refuses what cannot be an input. */
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

  /** One channel in [0, 1], as it is. */
  public static InputSpec gray(int side) {
    return new InputSpec(side, List.of(0.0), List.of(1.0));
  }

  /** Three channels scaled by the mean and standard deviation of ImageNet, as in torchvision. */
  public static InputSpec imageNet(int side) {
    return new InputSpec(side, List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));
  }

  /** Three channels in [-1, 1], as Google's networks were trained and timm feeds them. */
  public static InputSpec symmetric(int side) {
    return new InputSpec(side, List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5));
  }

  /** How many channels the network sees. */
  public int channels() {
    return mean.size();
  }

  boolean isIdentity() {
    return channels() == 1 && mean.get(0) == 0 && std.get(0) == 1;
  }
}
