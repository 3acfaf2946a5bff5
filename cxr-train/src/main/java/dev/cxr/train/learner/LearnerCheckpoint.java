package dev.cxr.train.learner;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.util.Pair;
import dev.cxr.common.cli.UserErrorException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes and reads the checkpoint of a learner.
 *
 * @param parameters of the network
 * @param manager owns what is read
 * @param settings of the learner
 */
record LearnerCheckpoint(ParameterList parameters, NDManager manager, LearnerSettings settings) {

  private static final int MAX_NOTES_BYTES = 16 << 20;
  private static final int MAX_DESCRIPTION_BYTES = 1 << 20;

  /** Weights, average, best weights and Adam's two moments. */
  private static final int FLOATS_PER_PARAMETER = 5;

  /** The state of a learner, except the weights in the network. */
  record Content(
      String notes,
      long steps,
      double learningRate,
      Map<String, Double> rateFactors,
      Adam adam,
      Optional<WeightSnapshot> ema,
      Optional<WeightSnapshot> best) {}

  /** Writes the state and the network's weights. */
  void write(Path path, Content content) throws IOException {
    byte[] notes = content.notes().getBytes(StandardCharsets.UTF_8);
    if (notes.length > MAX_NOTES_BYTES) {
      throw new IllegalArgumentException(
          "notes of at most %d bytes, not %d".formatted(MAX_NOTES_BYTES, notes.length));
    }
    CheckpointFile.write(
        path,
        out -> {
          out.writeUTF(settings.compatibilityKey());
          writeDescription(out);
          out.writeInt(notes.length);
          out.write(notes);
          out.writeLong(content.steps());
          out.writeDouble(content.learningRate());
          out.writeInt(content.rateFactors().size());
          for (Map.Entry<String, Double> factor : content.rateFactors().entrySet()) {
            out.writeUTF(factor.getKey());
            out.writeDouble(factor.getValue());
          }
          for (Parameter parameter : parameters.values()) {
            ArrayStorage.write(out, parameter.getArray());
          }
          writeOptional(out, content.ema());
          writeOptional(out, content.best());
          content.adam().writeTo(out);
        });
  }

  private static void writeOptional(DataOutputStream out, Optional<WeightSnapshot> weights)
      throws IOException {
    out.writeBoolean(weights.isPresent());
    if (weights.isPresent()) {
      weights.get().writeTo(out);
    }
  }

  private void writeDescription(DataOutputStream out) throws IOException {
    out.writeInt(parameters.size());
    for (Pair<String, Parameter> pair : parameters) {
      out.writeUTF(describe(pair));
    }
  }

  private static String describe(Pair<String, Parameter> pair) {
    return pair.getKey() + " " + pair.getValue().getArray().getShape();
  }

  /** The maximum size. */
  long maxBytes() {
    long numbers =
        parameters.values().stream().mapToLong(p -> p.getArray().getShape().size()).sum();
    return MAX_DESCRIPTION_BYTES + MAX_NOTES_BYTES + numbers * Float.BYTES * FLOATS_PER_PARAMETER;
  }

  /** Reads the state, and gives the network its weights. */
  Content read(Path path) throws IOException {
    return CheckpointFile.read(path, maxBytes(), in -> read(in, path));
  }

  private Content read(DataInputStream in, Path path) throws IOException {
    requireSame("settings " + settings.compatibilityKey(), "settings " + in.readUTF(), path);
    requireSame(parameters.size() + " parameters", in.readInt() + " parameters", path);
    for (Pair<String, Parameter> pair : parameters) {
      requireSame("parameter " + describe(pair), "parameter " + in.readUTF(), path);
    }
    String notes = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    long steps = in.readLong();
    double learningRate = in.readDouble();
    Map<String, Double> rateFactors = new HashMap<>();
    for (int remaining = in.readInt(); remaining > 0; remaining--) {
      rateFactors.put(in.readUTF(), in.readDouble());
    }
    try (WeightSnapshot weights = WeightSnapshot.readFrom(in, parameters, manager)) {
      Optional<WeightSnapshot> ema = readOptional(in);
      Optional<WeightSnapshot> best = readOptional(in);
      Adam adam = Adam.readFrom(in, parameters, manager, settings.adam());
      weights.copyToNetwork();
      return new Content(notes, steps, learningRate, rateFactors, adam, ema, best);
    }
  }

  private Optional<WeightSnapshot> readOptional(DataInputStream in) throws IOException {
    return in.readBoolean()
        ? Optional.of(WeightSnapshot.readFrom(in, parameters, manager))
        : Optional.empty();
  }

  private static void requireSame(String expected, String found, Path path) {
    if (!expected.equals(found)) {
      throw UserErrorException.of(
          "a checkpoint of this recipe, with " + expected,
          "%s in %s".formatted(found, path),
          "Resume with the recipe that wrote it.");
    }
  }
}
