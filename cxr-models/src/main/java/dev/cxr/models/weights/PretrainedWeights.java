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

/**
 * Fills a network's backbone from a file of published weights.
 *
 * <p>The file names its tensors as torchvision, timm or, for MobileNet v1, Keras does. What such
 * files hold besides the backbone is known and left: classifiers of ImageNet, auxiliary ones, and
 * how many batches a BatchNorm saw. The network's last stage stays as it is.
 */
public final class PretrainedWeights {

  private static final List<String> HEAD_PREFIXES =
      List.of(
          "fc.",
          "classifier.",
          "last_linear.",
          "head.",
          "pre_logits.",
          "conv_preds.",
          "AuxLogits.");

  private static final String BATCH_COUNTER_SUFFIX = ".num_batches_tracked";
  private static final String REMEDY =
      "Give the weights of this very architecture, under the names of torchvision or timm.";

  /**
   * What came of loading.
   *
   * @param tensorCount how many were taken
   * @param ignoredTensors the names of those that a backbone has no use for
   */
  public record LoadResult(int tensorCount, List<String> ignoredTensors) {}

  private PretrainedWeights() {}

  /**
   * Makes a file of what names it, which may be an address. What is fetched stays in the folder
   * {@code weights} of {@link CacheFolder}, and is fetched once; an interrupted download goes on
   * where it stopped.
   *
   * @param fileOrUrl a path, or an address that begins with https:// or http://
   * @param sha256 what the file's bytes must add up to, 64 hexadecimal digits; an address must have
   *     one, a path can
   * @throws UserErrorException if there is no such file, it cannot be had, or its checksum is
   *     another
   * @throws IOException if the disk cannot be read or written
   */
  public static Path locate(String fileOrUrl, Optional<String> sha256) throws IOException {
    return new WeightsSource(CacheFolder.create("weights")).locate(fileOrUrl, sha256);
  }

  /**
   * Reads a safetensors file into a network's backbone. All of it fits, or nothing is changed.
   *
   * @param file F32, F16 or BF16 under the published names
   * @param network initialised; its frozen parameters stay frozen
   * @throws UserErrorException if the file is not sound, or a tensor is missing, surplus or of
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
    List<String> ignored = new ArrayList<>();
    for (TensorInfo tensor : source.tensors().values()) {
      Parameter parameter = parameters.get(tensor.name());
      if (parameter != null) {
        requireShape(file, tensor, parameter);
      } else if (isIgnorable(tensor.name())) {
        ignored.add(tensor.name());
      } else {
        throw UserErrorException.of(
            "only tensors of the architecture in " + file,
            "'%s', %s, which it has not".formatted(tensor.name(), tensor.shape()),
            REMEDY);
      }
    }
    for (String name : parameters.keySet()) {
      if (!source.tensors().containsKey(name)) {
        throw UserErrorException.of(
            "tensor '%s', %s".formatted(name, shape(parameters.get(name))),
            "none in " + file,
            REMEDY);
      }
    }
    return ignored;
  }

  private static void requireShape(Path file, TensorInfo tensor, Parameter parameter) {
    List<Long> expected = shape(parameter);
    if (!tensor.shape().equals(expected)) {
      throw UserErrorException.of(
          "tensor '%s' of shape %s".formatted(tensor.name(), expected),
          "%s in %s".formatted(tensor.shape(), file),
          REMEDY);
    }
  }

  private static boolean isIgnorable(String name) {
    return name.endsWith(BATCH_COUNTER_SUFFIX) || HEAD_PREFIXES.stream().anyMatch(name::startsWith);
  }

  private static List<Long> shape(Parameter parameter) {
    return Arrays.stream(parameter.getArray().getShape().getShape()).boxed().toList();
  }

  private static Device device(Map<String, Parameter> parameters) {
    return parameters.values().iterator().next().getArray().getDevice();
  }

  /** An array of its own: what DJL makes of Java's numbers only borrows their buffer. */
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
