package dev.cxr.models.architecture;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.LinkedHashMap;
import java.util.Map;

/** PyTorch's parameter names, the paths through the blocks: {@code layer1.0.bn2.running_var}. */
final class PretrainedParameterNames {

  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private PretrainedParameterNames() {}

  /** The parameters of some layers, in order. */
  static Map<String, Parameter> of(Iterable<Pair<String, Block>> layers) {
    PretrainedParameterNames names = new PretrainedParameterNames();
    for (Pair<String, Block> layer : layers) {
      names.walk(layer.getKey() + ".", layer.getValue());
    }
    return names.parameters;
  }

  private void walk(String path, Block block) {
    for (Parameter parameter : block.getDirectParameters().values()) {
      if (parameters.put(path + name(parameter), parameter) != null) {
        throw new IllegalStateException("two parameters of one name: " + path);
      }
    }
    for (Pair<String, Block> child : block.getChildren()) {
      String name = child.getKey();
      walk(name.isEmpty() ? path : path + name + ".", child.getValue());
    }
  }

  private static String name(Parameter parameter) {
    return switch (parameter.getType()) {
      case WEIGHT, GAMMA -> "weight";
      case BIAS, BETA -> "bias";
      case RUNNING_MEAN -> "running_mean";
      case RUNNING_VAR -> "running_var";
      case OTHER -> parameter.getName();
    };
  }
}
