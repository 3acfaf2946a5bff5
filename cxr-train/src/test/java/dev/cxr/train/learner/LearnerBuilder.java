package dev.cxr.train.learner;

import ai.djl.Device;
import ai.djl.nn.Block;
import dev.cxr.train.loss.Loss;
import java.util.Optional;

/** Builds learners on the CPU, without weight decay, clipping and average by default. */
public final class LearnerBuilder {

  private final Block network;
  private final int side;
  private Loss loss;
  private double learningRate;
  private double weightDecay;
  private double clipNorm = Double.POSITIVE_INFINITY;
  private Optional<EmaConfig> ema = Optional.empty();

  public LearnerBuilder(Block network, int side, Loss loss, double learningRate) {
    this.network = network;
    this.side = side;
    this.loss = loss;
    this.learningRate = learningRate;
  }

  LearnerBuilder withNetwork(Block other) {
    LearnerBuilder copy = new LearnerBuilder(other, side, loss, learningRate);
    copy.weightDecay = weightDecay;
    copy.clipNorm = clipNorm;
    copy.ema = ema;
    return copy;
  }

  LearnerBuilder loss(Loss newLoss) {
    loss = newLoss;
    return this;
  }

  LearnerBuilder learningRate(double rate) {
    learningRate = rate;
    return this;
  }

  LearnerBuilder weightDecay(double decay) {
    weightDecay = decay;
    return this;
  }

  LearnerBuilder clipNorm(double norm) {
    clipNorm = norm;
    return this;
  }

  LearnerBuilder ema(EmaConfig config) {
    ema = Optional.of(config);
    return this;
  }

  public Learner build() {
    return new Learner(
        "tested",
        network,
        side,
        Device.cpu(),
        new LearnerSettings(loss, learningRate, 1e-8, weightDecay, clipNorm, ema));
  }
}
