package dev.cxr.models.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class TorchScriptTest {

  private static final float[] VALUES = {-1, 0, .5f, 5, 6, 7};

  @Test
  void computesPyTorchsFunction() {
    TorchScript relu6 = new TorchScript("x: Tensor", "return torch.relu6(x)");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray y = relu6.apply(manager.create(VALUES));
      assertThat(y.toFloatArray()).containsExactly(0, 0, .5f, 5, 6, 6);
      assertThat(y.getManager()).isSameAs(manager);
    }
  }

  @Test
  void hasItsGradient() {
    TorchScript relu6 = new TorchScript("x: Tensor", "return torch.relu6(x)");
    try (NDManager manager = NDManager.newBaseManager();
        GradientCollector gradients = Engine.getInstance().newGradientCollector()) {
      NDArray x = manager.create(VALUES);
      x.setRequiresGradient(true);
      gradients.backward(relu6.apply(x).mul(3).sum());
      assertThat(x.getGradient().toFloatArray()).containsExactly(0, 0, 3, 3, 0, 0);
    }
  }

  @Test
  void threadsShareIt() throws Exception {
    TorchScript relu6 = new TorchScript("x: Tensor", "return torch.relu6(x)");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<float[]> call =
          () -> {
            try (NDManager manager = NDManager.newBaseManager()) {
              return relu6.apply(manager.create(VALUES)).toFloatArray();
            }
          };
      for (Future<float[]> result : threads.invokeAll(Collections.nCopies(100, call))) {
        assertThat(result.get()).containsExactly(0, 0, .5f, 5, 6, 6);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void runsForItsSideEffects() {
    TorchScript add =
        new TorchScript(
            "numbers: Tensor, arrays: List[Tensor], others: List[Tensor]",
            """
            for i in range(torch.len(arrays)):
              _0 = torch.add_(arrays[i], others[0], alpha=float(numbers[0]))
            return numbers
            """);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weight = manager.create(VALUES);
      weight.setRequiresGradient(true);
      NDArray zeros = manager.zeros(weight.getShape());
      NDList others = new NDList(manager.create(VALUES));
      add.run(manager, new double[] {2}, new NDList(weight, zeros), others);
      assertThat(weight.toFloatArray()).containsExactly(-3, 0, 1.5f, 15, 18, 21);
      assertThat(zeros.toFloatArray()).containsExactly(-2, 0, 1, 10, 12, 14);
    }
  }

  @Test
  void namesAnInvalidExpression() {
    TorchScript invalid = new TorchScript("x: Tensor", "return torch.no_such_function(x)");
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThatThrownBy(() -> invalid.apply(manager.create(VALUES)))
          .hasStackTraceContaining("no_such_function");
    }
  }
}
