package dev.cxr.models.composition;

import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.Answering;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.AutoencoderNetwork;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What answers a bundle's task: one network, or networks composed.
 *
 * <p>Written as a name, such as {@code binary-cnn}, or as what is composed of what, such as {@code
 * mirrored(mobilenet-v1-075)} and {@code cascade(binary-cnn, mirrored(binary-cnn))}.
 */
public sealed interface Composition {

  /** The longest text that is read. */
  int LONGEST = 500;

  /** Whether its answers are those of a task. */
  boolean answers(Task task);

  /**
   * Composes the block.
   *
   * @param outputs how many logits the task has
   * @param networks gives the networks, in the order in which they are written
   */
  Answering compose(int outputs, Networks networks);

  /** Composes the block of new networks, without parameters yet. */
  default Answering create(InputSpec input, int outputs, MemoryFormat format) {
    return compose(
        outputs,
        (architecture, logits) ->
            switch (architecture.kind()) {
              case CLASSIFIER -> architecture.create(input, logits, format);
              case AUTOENCODER -> architecture.createAutoencoder(input, format);
            });
  }

  /** Where networks come from. */
  @FunctionalInterface
  interface Networks {

    /**
     * A network of an architecture, of either kind.
     *
     * @param outputs how many logits it gives, if it classifies
     */
    Network network(Architecture architecture, int outputs);
  }

  /** One network answers by its logits. */
  record One(Architecture architecture) implements Composition {

    @Override
    public boolean answers(Task task) {
      return architecture.kind() == Architecture.Kind.CLASSIFIER && task != Task.ANOMALY;
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      return (ClassifierNetwork) networks.network(architecture, outputs);
    }

    @Override
    public String toString() {
      return architecture.id();
    }
  }

  /** {@link Mirrored}. */
  record MirrorAveraged(Composition of) implements Composition {

    @Override
    public boolean answers(Task task) {
      return of.answers(task);
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      return new Mirrored(of.compose(outputs, networks));
    }

    @Override
    public String toString() {
      return "mirrored(%s)".formatted(of);
    }
  }

  /** {@link Cascade}. */
  record TwoSteps(Composition binary, Composition subtype) implements Composition {

    @Override
    public boolean answers(Task task) {
      return task == Task.THREE_CLASS
          && binary.answers(Task.BINARY)
          && subtype.answers(Task.SUBTYPE);
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      return new Cascade(binary.compose(1, networks), subtype.compose(1, networks));
    }

    @Override
    public String toString() {
      return "cascade(%s, %s)".formatted(binary, subtype);
    }
  }

  /**
   * {@link Ensemble}.
   *
   * @param members at least two
   */
  record LogitMean(List<Composition> members) implements Composition {

    public LogitMean {
      members = List.copyOf(members);
    }

    @Override
    public boolean answers(Task task) {
      return members.stream().allMatch(member -> member.answers(task));
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      return new Ensemble(
          members.stream().map(member -> member.compose(outputs, networks)).toList());
    }

    @Override
    public String toString() {
      return members.stream()
          .map(Composition::toString)
          .collect(Collectors.joining(", ", "ensemble(", ")"));
    }
  }

  /**
   * {@link NormalDistance}.
   *
   * @param layer whose output, averaged over its positions, is the embedding; the network's own
   *     embedding if there is none
   */
  record FromNormals(Architecture architecture, Optional<String> layer) implements Composition {

    @Override
    public boolean answers(Task task) {
      return architecture.kind() == Architecture.Kind.CLASSIFIER && task == Task.ANOMALY;
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      ClassifierNetwork network = (ClassifierNetwork) networks.network(architecture, outputs);
      return new NormalDistance(network, layer.orElse(network.embeddingLayer()));
    }

    @Override
    public String toString() {
      return "distance(%s)".formatted(architecture.id() + layer.map(", "::concat).orElse(""));
    }
  }

  /** {@link ReconstructionError}. */
  record FromReconstruction(Architecture architecture) implements Composition {

    @Override
    public boolean answers(Task task) {
      return architecture.kind() == Architecture.Kind.AUTOENCODER && task == Task.ANOMALY;
    }

    @Override
    public Answering compose(int outputs, Networks networks) {
      return new ReconstructionError((AutoencoderNetwork) networks.network(architecture, outputs));
    }

    @Override
    public String toString() {
      return "reconstruction(%s)".formatted(architecture.id());
    }
  }

  /**
   * Reads what {@code toString} writes.
   *
   * @throws UserErrorException if it is no composition, or names an architecture that there is not
   */
  static Composition named(String text) {
    if (text.length() > LONGEST) {
      throw refused("%d characters".formatted(text.length()));
    }
    int open = text.indexOf('(');
    if (open < 0) {
      return new One(Architecture.named(text));
    }
    if (!text.endsWith(")")) {
      throw refused("'" + text + "'");
    }
    List<String> parts = parts(text.substring(open + 1, text.length() - 1));
    String first = parts.get(0);
    if (text.startsWith("ensemble(") && parts.size() > 1) {
      return new LogitMean(parts.stream().map(Composition::named).toList());
    }
    return switch (text.substring(0, open) + "/" + parts.size()) {
      case "mirrored/1" -> new MirrorAveraged(named(first));
      case "cascade/2" -> new TwoSteps(named(first), named(parts.get(1)));
      case "distance/1" -> new FromNormals(Architecture.named(first), Optional.empty());
      case "distance/2" -> new FromNormals(Architecture.named(first), Optional.of(parts.get(1)));
      case "reconstruction/1" -> new FromReconstruction(Architecture.named(first));
      default -> throw refused("'" + text + "'");
    };
  }

  /** Cuts at the commas that stand in no brackets. */
  private static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> depth--;
        case ',' -> {
          if (depth == 0) {
            parts.add(text.substring(start, i).strip());
            start = i + 1;
          }
        }
        default -> {}
      }
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  private static UserErrorException refused(String found) {
    return UserErrorException.ofUsage(
        "an architecture, or mirrored(…), cascade(…, …), ensemble(…, …), distance(…) or reconstruction(…)"
            + " of some",
        found,
        "Write it so.");
  }
}
