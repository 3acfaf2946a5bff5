package dev.cxr.models.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.common.files.CacheFolder;
import dev.cxr.models.architecture.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Loads published weights into the backbone of a network.
 *
 * <p>Tensors have the names of torchvision, timm or, for MobileNet v1, Keras. The heads, auxiliary
 * classifiers and batch counters of such files are ignored. The head of the network stays as it is.
 */
public final class PretrainedWeights {

  /** Heads of torchvision and timm, and counters of batch normalization. */
  private static final Pattern IGNORABLE =
      Pattern.compile(
          "(fc|classifier|last_linear|head|pre_logits|conv_preds|AuxLogits)\\..*"
              + "|.*\\.num_batches_tracked",
          Pattern.DOTALL);

  private static final String REMEDY =
      "Use weights of this architecture, under the names of torchvision or timm.";

  /**
   * The result of loading.
   *
   * @param tensorCount the number of loaded tensors
   * @param ignoredTensors names of the tensors that a backbone does not have
   */
  public record LoadResult(int tensorCount, List<String> ignoredTensors) {}

  private PretrainedWeights() {}

  /**
   * Finds a file of weights, downloading it if it is a URL. Downloads are kept in the folder {@code
   * weights} of {@link CacheFolder}; an interrupted one is resumed.
   *
   * @param fileOrUrl a path, or a URL that begins with https:// or http://
   * @param sha256 64 hexadecimal digits; required for a URL, optional for a path
   * @return the local file
   * @throws UserErrorException if there is no such file, the download fails, or the checksum
   *     differs
   * @throws IOException if the disk cannot be read or written
   */
  public static Path locate(String fileOrUrl, Optional<String> sha256) throws IOException {
    return WeightsSource.locate(CacheFolder.create("weights"), fileOrUrl, sha256);
  }

  /**
   * Reads a safetensors file into the backbone of a network. If a tensor does not fit, nothing is
   * changed.
   *
   * @param file tensors in F32, F16 or BF16 under the published names
   * @param network initialized; frozen parameters stay frozen
   * @return what was loaded and ignored
   * @throws UserErrorException if the file is invalid, or a tensor is missing, unknown or of
   *     another shape
   * @throws IOException if the file cannot be read
   */
  public static LoadResult load(Path file, Network network) throws IOException {
    Map<String, Parameter> parameters = network.pretrainedParameters();
    try (Safetensors source = Safetensors.open(file);
        NDManager manager = NDManager.newBaseManager(device(parameters))) {
      List<String> ignored = ignoredTensors(file, source, parameters);
      Map<Parameter, NDArray> arrays = new LinkedHashMap<>();
      for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
        Parameter parameter = entry.getValue();
        float[] values = source.readTensor(entry.getKey());
        arrays.put(parameter, copyToDevice(manager, values, parameter.getArray().getShape()));
      }
      arrays.forEach(PretrainedWeights::replaceValues);
      return new LoadResult(arrays.size(), ignored);
    }
  }

  private static List<String> ignoredTensors(
      Path file, Safetensors source, Map<String, Parameter> parameters) {
    List<String> ignored = new ArrayList<>(source.tensors().keySet());
    ignored.removeAll(parameters.keySet());
    for (String name : ignored) {
      if (!IGNORABLE.matcher(name).matches()) {
        throw UserErrorException.of(
            "only tensors of the architecture in " + file,
            "'%s', which it does not have".formatted(name),
            REMEDY);
      }
    }
    parameters.forEach(
        (name, parameter) -> {
          TensorInfo tensor = source.tensors().get(name);
          List<Long> expected = shape(parameter);
          if (tensor == null || !tensor.shape().equals(expected)) {
            throw UserErrorException.of(
                "tensor '%s' of shape %s".formatted(name, expected),
                "%s in %s".formatted(tensor == null ? "none" : tensor.shape(), file),
                REMEDY);
          }
        });
    return ignored;
  }

  private static List<Long> shape(Parameter parameter) {
    return Arrays.stream(parameter.getArray().getShape().getShape()).boxed().toList();
  }

  private static Device device(Map<String, Parameter> parameters) {
    return parameters.values().iterator().next().getArray().getDevice();
  }

  /** Duplicated, because an array that DJL creates of Java numbers borrows their buffer. */
  private static NDArray copyToDevice(NDManager manager, float[] values, Shape shape) {
    try (NDArray borrowed = manager.create(values, shape)) {
      return borrowed.duplicate();
    }
  }

  private static void replaceValues(Parameter parameter, NDArray values) {
    NDArray array = parameter.getArray();
    array.intern(values);
    array.setRequiresGradient(parameter.requiresGradient());
  }
}
