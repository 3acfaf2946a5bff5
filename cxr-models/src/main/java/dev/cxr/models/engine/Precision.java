package dev.cxr.models.engine;

import java.util.Locale;

/**
 * The numbers with which probabilities are computed: the option {@code --precision}, else {@link
 * #FLOAT32}. Embeddings, out-of-distribution scores and explanations are always float32.
 *
 * @since 0.3
 */
public enum Precision {
  /** As the model was trained. */
  FLOAT32,
  /** Integers of 8 bits, by ONNX Runtime; of bundles that {@code cxr quantize} has made. */
  INT8;

  private static final String PROPERTY = "cxr.precision";

  /** {@return what this process uses} */
  public static Precision current() {
    return valueOf(System.getProperty(PROPERTY, FLOAT32.name()));
  }

  /** Makes this the precision of models that are loaded from now on. */
  public void use() {
    System.setProperty(PROPERTY, name());
  }

  /** {@return the name in options, such as {@code int8}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
