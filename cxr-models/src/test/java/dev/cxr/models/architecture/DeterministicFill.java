package dev.cxr.models.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Fills arrays with numbers that follow from their names alone, the same in every language, so that
 * two implementations of a network can be compared without any weights.
 *
 * <pre>
 * u(name, k) = top 24 bits of splitmix64((crc32(name) << 32) + k) / 2^24,  k row-major;  r = 2 u - 1
 * </pre>
 */
public final class DeterministicFill {

  private DeterministicFill() {}

  static double uniform(String name, long k) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return uniform(crc.getValue() << 32, k);
  }

  /** Steele, Lea and Flood 2014, with the seed multiplied before it is mixed. */
  private static double uniform(long seed, long k) {
    long z = (seed + k + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 40) * 0x1p-24;
  }

  /** The fixed picture: an array named "input". */
  public static NDArray input(NDManager manager, Shape shape) {
    return manager.create(values("input", shape, 0, 1), shape);
  }

  /** Gives every parameter its values. */
  public static void fill(NDManager manager, Map<String, Parameter> parameters) {
    parameters.forEach(
        (name, parameter) -> {
          Shape shape = parameter.getArray().getShape();
          try (NDArray values = manager.create(values(name, shape, parameter.getType()), shape)) {
            parameter.getArray().intern(values.duplicate()); // values borrow a Java buffer
          }
        });
  }

  private static float[] values(String name, Shape shape, Parameter.Type type) {
    return switch (type) {
      case RUNNING_MEAN, BIAS, BETA -> values(name, shape, 0, .1);
      case RUNNING_VAR -> values(name, shape, 1, .2);
      case GAMMA -> values(name, shape, 1, .1);
      case WEIGHT -> values(name, shape, 0, Math.sqrt(6.0 / shape.slice(1).size()));
      case OTHER -> throw new IllegalArgumentException(name);
    };
  }

  private static float[] values(String name, Shape shape, double centre, double radius) {
    CRC32 crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    long seed = crc.getValue() << 32;
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) (centre + radius * (2 * uniform(seed, k) - 1));
    }
    return values;
  }
}
