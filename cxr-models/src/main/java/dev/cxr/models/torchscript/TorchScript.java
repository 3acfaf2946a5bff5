package dev.cxr.models.torchscript;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A function in TorchScript, for operations of PyTorch that DJL does not offer or composes of
 * slower ones.
 *
 * <p>PyTorch compiles it at the first call. Threads may share it.
 *
 * @since 0.3
 */
public final class TorchScript {

  /** The version of DJL's format for parameters. */
  private static final byte PARAMETERS_VERSION = 1;

  /** Pickled: an instance of the class Function that is in training mode. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nFunction\n)\u0081}(X\b\0\0\0training\u0088ub.";

  /** Pickled: an empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private final String parameters;
  private final String body;
  private @Nullable Compiled compiled;

  /** The module and the parameters that it does not have; both live as long as the process. */
  private record Compiled(SymbolBlock module, ParameterStore noParameters) {}

  /**
   * Creates a function that returns a tensor.
   *
   * @param parameters with their types, such as {@code x: Tensor, y: List[Tensor]}
   * @param body statements, of which the last returns
   */
  public TorchScript(String parameters, String body) {
    this.parameters = parameters;
    this.body = body;
  }

  /**
   * Computes the function of tensors. The gradient of the result is PyTorch's.
   *
   * @param arguments arrays of PyTorch, one for each parameter
   * @return the result, owned by the manager of the first
   */
  public NDArray apply(NDArray... arguments) {
    Compiled function = compiled();
    // In inference mode the engine would compute no gradients.
    return function.module().forward(function.noParameters(), new NDList(arguments), true).get(0);
  }

  /**
   * Computes the function for its side effects on the arrays, without gradients.
   *
   * @param manager owns intermediate arrays
   * @param numbers the first argument, a tensor of float64
   * @param lists the other arguments, lists of tensors; none is empty
   */
  public void run(NDManager manager, double[] numbers, NDList... lists) {
    try (NDManager scope = manager.newSubManager()) {
      NDList inputs = new NDList(scope.create(numbers));
      for (int i = 0; i < lists.length; i++) {
        for (NDArray array : lists[i]) {
          NDArray withoutGradient = array.stopGradient(); // has the same memory
          withoutGradient.attach(scope);
          withoutGradient.setName("list%d[]".formatted(i)); // DJL's name of a list's elements
          inputs.add(withoutGradient);
        }
      }
      Compiled function = compiled();
      function.module().forward(function.noParameters(), inputs, true).close();
    }
  }

  private synchronized Compiled compiled() {
    if (compiled == null) {
      NDManager manager = NDManager.newBaseManager();
      SymbolBlock module = manager.getEngine().newSymbolBlock(manager);
      try {
        module.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(model())));
      } catch (IOException | MalformedModelException e) {
        manager.close();
        throw new IllegalStateException("TorchScript that PyTorch does not read: " + body, e);
      }
      compiled = new Compiled(module, new ParameterStore(manager, false));
    }
    return compiled;
  }

  private byte[] model() throws IOException {
    byte[] module = module();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(PARAMETERS_VERSION);
    out.writeLong(module.length);
    out.write(module);
    return bytes.toByteArray();
  }

  /** A file as {@code torch.jit.save} writes it: no Java library does. */
  private byte[] module() {
    String code =
        """
        class Function(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          def forward(self: __torch__.Function,
            %s) -> Tensor:
        """
                .formatted(parameters)
            + body.indent(4);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      add(zip, "function/version", "3\n");
      add(zip, "function/code/__torch__.py", code);
      add(zip, "function/data.pkl", INSTANCE);
      add(zip, "function/constants.pkl", NO_CONSTANTS);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, String content) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(content.getBytes(StandardCharsets.ISO_8859_1));
    zip.closeEntry();
  }
}
