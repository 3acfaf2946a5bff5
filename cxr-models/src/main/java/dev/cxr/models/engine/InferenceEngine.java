package dev.cxr.models.engine;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import java.util.Arrays;
import java.util.Locale;

/**
 * What computes predictions: the option {@code --engine}, else the variable {@code CXR_ENGINE},
 * else {@link #AUTO}. Training and explanations always use PyTorch.
 *
 * @since 0.3
 */
public enum InferenceEngine {
  /** The faster of both on this machine, if their predictions agree. */
  AUTO("either"),
  /** PyTorch, on which the model was trained. */
  PYTORCH("PyTorch"),
  /** ONNX Runtime. */
  ONNX("ONNX Runtime");

  private static final String PROPERTY = "cxr.engine";
  private static final String VARIABLE = "CXR_ENGINE";

  private final String title;

  InferenceEngine(String title) {
    this.title = title;
  }

  /**
   * {@return what this process uses}
   *
   * @throws UserErrorException if the variable names no engine
   */
  public static InferenceEngine current() {
    String name =
        System.getProperty(PROPERTY, System.getenv().getOrDefault(VARIABLE, AUTO.toString()));
    return Arrays.stream(values())
        .filter(engine -> engine.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UsageErrorException.of(
                    "auto, pytorch or onnx in the variable " + VARIABLE,
                    "'" + name + "'",
                    "Change it, or unset it."));
  }

  /** Makes this the engine of models that predict for the first time from now on. */
  public void use() {
    System.setProperty(PROPERTY, toString());
  }

  /** {@return the name for people, such as {@code PyTorch}} */
  public String title() {
    return title;
  }

  /** {@return the name in options, such as {@code pytorch}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
