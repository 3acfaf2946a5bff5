package dev.cxr.train.learning;

import ai.djl.training.tracker.Tracker;

/** A learning rate that stays until it is lowered. */
public final class LearningRate implements Tracker {

  private volatile double value;

  /** Starts at {@code initial}. */
  public LearningRate(double initial) {
    this.value = initial;
  }

  /** The rate of the next step. */
  public double value() {
    return value;
  }

  /** Multiplies it by {@code factor}, but not below {@code least}. */
  public void lower(double factor, double least) {
    value = Math.max(value * factor, Math.min(value, least));
  }

  @Override
  public float getNewValue(int update) {
    return (float) value;
  }
}
