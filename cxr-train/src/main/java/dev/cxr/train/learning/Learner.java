package dev.cxr.train.learning;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.optimizer.Adam;
import ai.djl.util.Pair;
import org.jspecify.annotations.Nullable;

/**
 * A network being trained: its weights, Adam's state and one step of learning.
 *
 * <p>Use from one thread. Everything native that it holds goes with {@link #close()}.
 */
public final class Learner implements AutoCloseable {

  private final Model model;
  private final Trainer trainer;
  private final BinaryCrossEntropy loss;
  private @Nullable NDManager best;

  /**
   * Initialises a network at random, as the engine's seed has it.
   *
   * @param name of the model
   * @param network from (N, 1, side, side) to (N, 1) logits
   * @param side width and height of its input
   */
  public Learner(String name, Block network, int side, BinaryCrossEntropy loss, LearningRate rate) {
    this.loss = loss;
    model = Model.newInstance(name, "PyTorch");
    model.setBlock(network);
    trainer =
        model.newTrainer(
            new DefaultTrainingConfig(loss)
                .optOptimizer(Adam.builder().optLearningRateTracker(rate).build())
                .optDevices(Engine.getInstance().getDevices(1)));
    trainer.initialize(new Shape(1, 1, side, side));
  }

  /**
   * What a step saw.
   *
   * @param loss mean of the batch, before the step
   * @param logits of the batch's pictures
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  public record Step(double loss, float[] logits) {}

  /** Parent of the batches to learn from. */
  public NDManager manager() {
    return trainer.getManager();
  }

  /** The model, with the weights of now. */
  public Model model() {
    return model;
  }

  /**
   * Learns from one batch; the caller closes it, or learns from it again.
   *
   * <p>What the network computes on the way goes at the end of the step, not with the batch.
   */
  public Step step(Batch batch) {
    Step step;
    try (NDManager scope = trainer.getManager().newSubManager();
        GradientCollector collector = trainer.newGradientCollector()) {
      scope.tempAttachAll(batch.getData(), batch.getLabels());
      NDList predictions = trainer.forward(batch.getData());
      NDArray value = loss.evaluate(batch.getLabels(), predictions);
      collector.backward(value);
      step = new Step(value.getFloat(), predictions.singletonOrThrow().toFloatArray());
    }
    trainer.step();
    return step;
  }

  /** The logits of a batch, nothing learned; the caller closes it. */
  public float[] logits(Batch batch) {
    try (NDManager scope = trainer.getManager().newSubManager()) {
      scope.tempAttachAll(batch.getData());
      return trainer.evaluate(batch.getData()).singletonOrThrow().toFloatArray();
    }
  }

  /** Remembers the weights of now as the best. */
  public void keepAsBest() {
    NDManager previous = best;
    NDManager next = trainer.getManager().newSubManager();
    for (Pair<String, Parameter> parameter : model.getBlock().getParameters()) {
      NDArray copy = parameter.getValue().getArray().duplicate();
      copy.setName(parameter.getKey());
      copy.attach(next);
    }
    best = next;
    if (previous != null) {
      previous.close();
    }
  }

  /** Goes back to the best weights. */
  public void restoreBest() {
    if (best == null) {
      throw new IllegalStateException("keepAsBest() comes first");
    }
    for (NDArray copy : best.getManagedArrays()) {
      Parameter parameter = model.getBlock().getParameters().get(copy.getName());
      NDArray weight = parameter.getArray();
      weight.intern(copy.duplicate()); // copyTo() and set() make PyTorch warn on the terminal
      weight.setRequiresGradient(parameter.requiresGradient());
    }
  }

  @Override
  public void close() {
    trainer.close();
    model.close();
  }
}
