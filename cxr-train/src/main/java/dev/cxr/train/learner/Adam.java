package dev.cxr.train.learner;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import dev.cxr.models.torchscript.TorchScript;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019); its state can
 * be saved and restored.
 *
 * <pre>
 * g = gradient · min(1, clipNorm / norm of all gradients together)      Pascanu et al. 2013
 * w = w - rate · weightDecay · w                                        not for 1-D parameters
 * m = beta1 m + (1 - beta1) g
 * v = beta2 v + (1 - beta2) g²
 * w = w - rate · √(1 - beta2^t) / (1 - beta1^t) · m / (√v + epsilon)
 * </pre>
 *
 * <p>t counts the updates of that parameter, so that one that is unfrozen later starts correctly.
 * Epsilon is where Keras and DJL have it (Kingma and Ba, end of section 2); PyTorch multiplies it
 * by √(1 - beta2^t).
 *
 * <p>PyTorch's fused function reads and writes each parameter once. DJL's Adam makes an array for
 * every operation, cannot be saved, never frees its state, decays every parameter and clips
 * positive values only.
 */
final class Adam implements AutoCloseable {

  /**
   * The settings of a run.
   *
   * @param beta1 decay of the mean of gradients, from 0 to below 1
   * @param beta2 decay of the mean of squared gradients, from 0 to below 1
   * @param epsilon above 0
   * @param weightDecay factor of rate and weights; 0 for none
   * @param clipNorm maximum norm of all gradients together; infinite for none
   */
  record Settings(float beta1, float beta2, float epsilon, double weightDecay, double clipNorm) {}

  /** Its epsilon is PyTorch's. */
  private static final TorchScript UPDATE =
      new TorchScript(
          """
          numbers: Tensor, weights: List[Tensor], gradients: List[Tensor], means: List[Tensor],\
           squares: List[Tensor]""",
          """
          scale = float(numbers[0])
          if torch.ne(scale, 1.):
            torch._foreach_mul_(gradients, scale)
          else:
            pass
          updates = torch.to(numbers[1], 6)
          steps = annotate(List[Tensor], [])
          for i in range(torch.len(weights)):
            _0 = torch.append(steps, updates)
          unused = annotate(List[Tensor], [])
          torch._fused_adamw_(weights, gradients, means, squares, unused, steps,\
           lr=float(numbers[2]), beta1=float(numbers[3]), beta2=float(numbers[4]),\
           weight_decay=float(numbers[5]), eps=float(numbers[6]), amsgrad=False, maximize=False)
          return numbers
          """);

  private final Settings settings;
  private final NDManager manager;
  private final List<Moments> allMoments = new ArrayList<>();

  /** Optimizes all parameters except running statistics. */
  Adam(ParameterList parameters, NDManager parent, Settings settings) {
    this.settings = settings;
    manager = parent.newSubManager();
    for (Pair<String, Parameter> pair : parameters) {
      if (isTrainable(pair.getValue())) {
        allMoments.add(new Moments(pair.getKey(), pair.getValue()));
      }
    }
  }

  /** Whether a parameter is trained when it is not frozen: running statistics never are. */
  static boolean isTrainable(Parameter parameter) {
    return parameter.getType() != Parameter.Type.RUNNING_MEAN
        && parameter.getType() != Parameter.Type.RUNNING_VAR;
  }

  /** The state of one parameter. */
  private static final class Moments {

    final String name;
    final Parameter parameter;
    int updates;
    @Nullable NDArray mean;
    @Nullable NDArray square;

    Moments(String name, Parameter parameter) {
      this.name = name;
      this.parameter = parameter;
    }
  }

  /**
   * Updates every parameter that requires a gradient, and clears the gradients.
   *
   * <p>If their norm is not finite, no parameter changes.
   *
   * @param rate of a parameter, by its name
   * @return the norm of all gradients together, before clipping
   */
  double step(ToDoubleFunction<String> rate) {
    List<Moments> trainable =
        allMoments.stream().filter(m -> m.parameter.requiresGradient()).toList();
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDList gradients = new NDList();
      for (Moments moments : trainable) {
        gradients.add(moments.parameter.getArray().getGradient());
      }
      double norm = norm(gradients);
      if (!Double.isFinite(norm)) {
        trainable.forEach(Adam::discardGradient);
        return norm;
      }
      double gradientScale = norm > settings.clipNorm() ? settings.clipNorm() / norm : 1;
      Map<Update, Arrays> updates = new LinkedHashMap<>();
      for (int i = 0; i < gradients.size(); i++) {
        Moments moments = trainable.get(i);
        updates
            .computeIfAbsent(nextUpdate(moments, rate), update -> new Arrays())
            .add(moments, gradients.get(i));
      }
      updates.forEach((update, arrays) -> update(update, arrays, gradientScale));
      trainable.forEach(Adam::discardGradient);
      return norm;
    }
  }

  /** What the update of several parameters has in common. */
  private record Update(double rate, double decay, int number) {}

  /** The arrays of parameters that are updated together. */
  private static final class Arrays {

    final NDList weights = new NDList();
    final NDList gradients = new NDList();
    final NDList means = new NDList();
    final NDList squares = new NDList();

    void add(Moments moments, NDArray gradient) {
      weights.add(moments.parameter.getArray());
      gradients.add(gradient);
      means.add(moments.mean);
      squares.add(moments.square);
    }
  }

  private static double norm(NDList gradients) {
    if (gradients.isEmpty()) {
      return 0;
    }
    NDList norms = new NDList();
    gradients.forEach(gradient -> norms.add(gradient.norm()));
    return NDArrays.stack(norms).norm().getFloat();
  }

  private Update nextUpdate(Moments moments, ToDoubleFunction<String> rate) {
    NDArray weight = moments.parameter.getArray();
    if (moments.mean == null || moments.square == null) {
      moments.mean = ArrayStorage.ownedBy(manager, weight.zerosLike());
      moments.square = ArrayStorage.ownedBy(manager, weight.zerosLike());
    }
    moments.updates++;
    double decay = weight.getShape().dimension() > 1 ? settings.weightDecay() : 0;
    return new Update(rate.applyAsDouble(moments.name), decay, moments.updates);
  }

  private void update(Update update, Arrays arrays, double gradientScale) {
    double squareCorrection = 1 - Math.pow(settings.beta2(), update.number());
    double[] numbers = {
      gradientScale,
      update.number(),
      update.rate(),
      settings.beta1(),
      settings.beta2(),
      update.decay(),
      settings.epsilon() / Math.sqrt(squareCorrection)
    };
    UPDATE.run(manager, numbers, arrays.weights, arrays.gradients, arrays.means, arrays.squares);
  }

  /**
   * Gives a parameter its own memory as an array without a gradient. The engine would add the next
   * gradient to this one, and would keep the memory of both.
   */
  private static void discardGradient(Moments moments) {
    NDArray weight = moments.parameter.getArray();
    weight.intern(weight.stopGradient());
    weight.setRequiresGradient(true);
  }

  void writeTo(DataOutputStream out) throws IOException {
    for (Moments moments : allMoments) {
      out.writeInt(moments.updates);
      if (moments.mean != null && moments.square != null) {
        ArrayStorage.write(out, moments.mean);
        ArrayStorage.write(out, moments.square);
      }
    }
  }

  /** Reads the state of an Adam of the same parameters. */
  static Adam readFrom(
      DataInputStream in, ParameterList parameters, NDManager parent, Settings settings)
      throws IOException {
    Adam adam = new Adam(parameters, parent, settings);
    for (Moments moments : adam.allMoments) {
      moments.updates = in.readInt();
      if (moments.updates > 0) {
        Shape shape = moments.parameter.getArray().getShape();
        moments.mean = ArrayStorage.read(in, adam.manager, shape);
        moments.square = ArrayStorage.read(in, adam.manager, shape);
      }
    }
    return adam;
  }

  @Override
  public void close() {
    manager.close();
  }
}
