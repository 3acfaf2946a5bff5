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

  private static final List<String> HEADS =
      List.of(
          "fc.",
          "classifier.",
          "last_linear.",
          "head.",
          "pre_logits.",
          "conv_preds.",
          "AuxLogits.");

  private static final String BATCHES = ".num_batches_tracked";
  private static final String REMEDY =
      "Give the weights of this very architecture, under the names of torchvision or timm.";

  /**
   * What came of loading.
   *
   * @param tensors how many were taken
   * @param left the names of those that a backbone has no use for
   */
  public record Loaded(int tensors, List<String> left) {}

  private PretrainedWeights() {}

  /**
   * Makes a file of what names it, which may be an address. What is fetched stays in the folder
   * {@code weights} of {@link CacheFolder}, and is fetched once; an interrupted download goes on
   * where it stopped.
   *
   * @param fileOrAddress a path, or an address that begins with https:// or http://
   * @param sha256 what the file's bytes must add up to, 64 hexadecimal digits; an address must have
   *     one, a path can
   * @throws UserErrorException if there is no such file, it cannot be had, or its checksum is
   *     another
   * @throws IOException if the disk cannot be read or written
   */
  public static Path locate(String fileOrAddress, Optional<String> sha256) throws IOException {
    return new WeightsSource(CacheFolder.create("weights")).locate(fileOrAddress, sha256);
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
  public static Loaded load(Path file, Network network) throws IOException {
    Map<String, Parameter> wanted = network.published();
    try (Safetensors stored = Safetensors.open(file);
        NDManager manager = NDManager.newBaseManager(device(wanted))) {
      List<String> left = left(file, stored, wanted);
      Map<Parameter, NDArray> read = new LinkedHashMap<>();
      for (Map.Entry<String, Parameter> entry : wanted.entrySet()) {
        Parameter parameter = entry.getValue();
        float[] values = stored.values(entry.getKey());
        read.put(parameter, copy(manager, values, parameter.getArray().getShape()));
      }
      read.forEach(PretrainedWeights::replace);
      return new Loaded(read.size(), left);
    }
  }

  private static List<String> left(Path file, Safetensors stored, Map<String, Parameter> wanted) {
    List<String> left = new ArrayList<>();
    for (StoredTensor tensor : stored.tensors().values()) {
      Parameter parameter = wanted.get(tensor.name());
      if (parameter != null) {
        requireShape(file, tensor, parameter);
      } else if (isKnownSurplus(tensor.name())) {
        left.add(tensor.name());
      } else {
        throw UserErrorException.of(
            "only tensors of the architecture in " + file,
            "'%s', %s, which it has not".formatted(tensor.name(), tensor.shape()),
            REMEDY);
      }
    }
    for (String name : wanted.keySet()) {
      if (!stored.tensors().containsKey(name)) {
        throw UserErrorException.of(
            "tensor '%s', %s".formatted(name, shape(wanted.get(name))), "none in " + file, REMEDY);
      }
    }
    return left;
  }

  private static void requireShape(Path file, StoredTensor tensor, Parameter parameter) {
    List<Long> expected = shape(parameter);
    if (!tensor.shape().equals(expected)) {
      throw UserErrorException.of(
          "tensor '%s' of shape %s".formatted(tensor.name(), expected),
          "%s in %s".formatted(tensor.shape(), file),
          REMEDY);
    }
  }

  private static boolean isKnownSurplus(String name) {
    return name.endsWith(BATCHES) || HEADS.stream().anyMatch(name::startsWith);
  }

  private static List<Long> shape(Parameter parameter) {
    return Arrays.stream(parameter.getArray().getShape().getShape()).boxed().toList();
  }

  private static Device device(Map<String, Parameter> wanted) {
    return wanted.values().iterator().next().getArray().getDevice();
  }

  /** An array of its own: what DJL makes of Java's numbers only borrows their buffer. */
  private static NDArray copy(NDManager manager, float[] values, Shape shape) {
    try (NDArray borrowing = manager.create(values, shape)) {
      return borrowing.duplicate();
    }
  }

  private static void replace(Parameter parameter, NDArray values) {
    NDArray array = parameter.getArray();
    array.intern(values);
    array.setRequiresGradient(parameter.requiresGradient());
  }
}
