package dev.cxr.models.architecture;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.SymbolBlock;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.training.ParameterStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A function of one array in TorchScript, for operations of PyTorch that DJL does not offer or
 * composes of slower ones. Its gradient is PyTorch's.
 *
 * <p>PyTorch compiles it at the first call. Threads may share it. Arrays that are not PyTorch's get
 * the same function in operations of DJL.
 */
final class TorchScript implements UnaryOperator<NDArray> {

  /** The version of DJL's format for parameters. */
  private static final byte PARAMETERS_VERSION = 1;

  /** Pickled: an instance of the class Function that is in training mode. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nFunction\n)\u0081}(X\b\0\0\0training\u0088ub.";

  /** Pickled: an empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  private final String expression;
  private final UnaryOperator<NDArray> inDjl;
  private @Nullable Compiled compiled;

  /** The module and the parameters that it does not have; both live as long as the process. */
  private record Compiled(SymbolBlock module, ParameterStore noParameters) {}

  /**
   * Creates a function.
   *
   * @param expression of the tensor {@code x}, such as {@code torch.relu6(x)}
   * @param inDjl the same values in operations of DJL
   */
  TorchScript(String expression, UnaryOperator<NDArray> inDjl) {
    this.expression = expression;
    this.inDjl = inDjl;
  }

  /** {@return the value of the expression for this array, owned by its manager} */
  @Override
  public NDArray apply(NDArray x) {
    if (!(x instanceof PtNDArray)) {
      return inDjl.apply(x);
    }
    Compiled function = compiled();
    // In inference mode the engine would compute no gradients.
    return function.module().forward(function.noParameters(), new NDList(x), true).get(0);
  }

  private synchronized Compiled compiled() {
    if (compiled == null) {
      NDManager manager = NDManager.newBaseManager();
      SymbolBlock module = manager.getEngine().newSymbolBlock(manager);
      try {
        module.loadParameters(manager, new DataInputStream(new ByteArrayInputStream(parameters())));
      } catch (IOException | MalformedModelException e) {
        manager.close();
        throw new IllegalStateException("TorchScript that PyTorch does not read: " + expression, e);
      }
      compiled = new Compiled(module, new ParameterStore(manager, false));
    }
    return compiled;
  }

  private byte[] parameters() throws IOException {
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
            x: Tensor) -> Tensor:
            return %s
        """
            .formatted(expression);
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
