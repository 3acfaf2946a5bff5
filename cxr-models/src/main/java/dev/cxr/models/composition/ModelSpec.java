package dev.cxr.models.composition;

import dev.cxr.common.cli.UsageErrorException;
import dev.cxr.common.cli.UserErrorException;
import dev.cxr.data.index.Task;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.AutoencoderNetwork;
import dev.cxr.models.architecture.ClassifierNetwork;
import dev.cxr.models.architecture.InputSpec;
import dev.cxr.models.architecture.MemoryFormat;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.PredictionBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The model of a bundle: one network or a composition of networks.
 *
 * <p>As text it is an architecture's name, such as {@code binary-cnn}, or a composition, such as
 * {@code flip-averaged(mobilenet-v1-075)} and {@code cascade(binary-cnn, flip-averaged(resnet18))}.
 */
public sealed interface ModelSpec {

  /** The longest text that {@link #parse} reads, in characters. */
  int MAX_LENGTH = 500;

  /**
   * {@return whether its outputs are those of the task}
   *
   * @param task the task
   */
  boolean supports(Task task);

  /**
   * Composes the block of given networks.
   *
   * @param outputs how many logits the task has
   * @param networks supplies the networks, in the order of the text
   * @return a block from images to logits
   */
  PredictionBlock build(int outputs, NetworkSource networks);

  /**
   * Composes the block of new networks, without parameters yet.
   *
   * @param outputs how many logits the task has
   * @param format the memory layout of the convolutions
   * @param input side and normalization of the images
   * @return a block from images to logits
   */
  default PredictionBlock create(InputSpec input, int outputs, MemoryFormat format) {
    return build(
        outputs,
        (architecture, logits) ->
            switch (architecture.kind()) {
              case CLASSIFIER -> architecture.create(input, logits, format);
              case AUTOENCODER -> architecture.createAutoencoder(input, format);
            });
  }

  /** Supplies the networks of a composition. */
  @FunctionalInterface
  interface NetworkSource {

    /**
     * {@return a network of the architecture, of either kind}
     *
     * @param outputs how many logits it returns, if it is a classifier
     * @param architecture the architecture of the network
     */
    Network create(Architecture architecture, int outputs);
  }

  /** The logits of one network. */
  record SingleNetworkSpec(Architecture architecture) implements ModelSpec {

    @Override
    public boolean supports(Task task) {
      return architecture.kind() == Architecture.Kind.CLASSIFIER && task != Task.ANOMALY;
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      return (ClassifierNetwork) networks.create(architecture, outputs);
    }

    @Override
    public String toString() {
      return architecture.id();
    }
  }

  /** {@link FlipAveraged}. */
  record FlipAveragedSpec(ModelSpec member) implements ModelSpec {

    @Override
    public boolean supports(Task task) {
      return member.supports(task);
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      return new FlipAveraged(member.build(outputs, networks));
    }

    @Override
    public String toString() {
      return "flip-averaged(%s)".formatted(member);
    }
  }

  /** {@link Cascade}. */
  record CascadeSpec(ModelSpec binary, ModelSpec subtype) implements ModelSpec {

    @Override
    public boolean supports(Task task) {
      return task == Task.THREE_CLASS
          && binary.supports(Task.BINARY)
          && subtype.supports(Task.SUBTYPE);
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      return new Cascade(binary.build(1, networks), subtype.build(1, networks));
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
  record EnsembleSpec(List<ModelSpec> members) implements ModelSpec {

    /**
     * Keeps a copy of the members.
     *
     * @param members at least two
     */
    public EnsembleSpec {
      members = List.copyOf(members);
    }

    @Override
    public boolean supports(Task task) {
      return members.stream().allMatch(member -> member.supports(task));
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      return new Ensemble(members.stream().map(member -> member.build(outputs, networks)).toList());
    }

    @Override
    public String toString() {
      return members.stream()
          .map(ModelSpec::toString)
          .collect(Collectors.joining(", ", "ensemble(", ")"));
    }
  }

  /**
   * {@link MahalanobisDistance}.
   *
   * @param layer whose output, averaged over positions, is the embedding; by default the embedding
   *     of the network
   */
  record MahalanobisSpec(Architecture architecture, Optional<String> layer) implements ModelSpec {

    @Override
    public boolean supports(Task task) {
      return architecture.kind() == Architecture.Kind.CLASSIFIER && task == Task.ANOMALY;
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      ClassifierNetwork network = (ClassifierNetwork) networks.create(architecture, outputs);
      return new MahalanobisDistance(network, layer.orElse(network.embeddingLayer()));
    }

    @Override
    public String toString() {
      return "mahalanobis(%s)".formatted(architecture.id() + layer.map(", "::concat).orElse(""));
    }
  }

  /** {@link ReconstructionError}. */
  record ReconstructionSpec(Architecture architecture) implements ModelSpec {

    @Override
    public boolean supports(Task task) {
      return architecture.kind() == Architecture.Kind.AUTOENCODER && task == Task.ANOMALY;
    }

    @Override
    public PredictionBlock build(int outputs, NetworkSource networks) {
      return new ReconstructionError((AutoencoderNetwork) networks.create(architecture, outputs));
    }

    @Override
    public String toString() {
      return "reconstruction(%s)".formatted(architecture.id());
    }
  }

  /**
   * Parses what {@code toString} returns, and the names of bundle format 1: {@code mirrored} for
   * {@code flip-averaged}, {@code distance} for {@code mahalanobis}.
   *
   * @param text as a recipe names it
   * @return the specification
   * @throws UserErrorException if the text is invalid or names an unknown architecture
   */
  static ModelSpec parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw syntaxError("%d characters".formatted(text.length()));
    }
    int open = text.indexOf('(');
    if (open < 0) {
      return new SingleNetworkSpec(Architectures.forName(text));
    }
    if (!text.endsWith(")")) {
      throw syntaxError("'" + text + "'");
    }
    List<String> parts = splitArguments(text.substring(open + 1, text.length() - 1));
    String first = parts.get(0);
    if (text.startsWith("ensemble(") && parts.size() > 1) {
      return new EnsembleSpec(parts.stream().map(ModelSpec::parse).toList());
    }
    return switch (text.substring(0, open) + "/" + parts.size()) {
      case "flip-averaged/1", "mirrored/1" -> new FlipAveragedSpec(parse(first));
      case "cascade/2" -> new CascadeSpec(parse(first), parse(parts.get(1)));
      case "mahalanobis/1", "distance/1" ->
          new MahalanobisSpec(Architectures.forName(first), Optional.empty());
      case "mahalanobis/2", "distance/2" ->
          new MahalanobisSpec(Architectures.forName(first), Optional.of(parts.get(1)));
      case "reconstruction/1" -> new ReconstructionSpec(Architectures.forName(first));
      default -> throw syntaxError("'" + text + "'");
    };
  }

  /** Splits at the commas outside of parentheses. */
  private static List<String> splitArguments(String text) {
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

  private static UserErrorException syntaxError(String found) {
    return UsageErrorException.of(
        "an architecture or a composition of architectures",
        found,
        "Write NAME, flip-averaged(SPEC), cascade(SPEC, SPEC), ensemble(SPEC, SPEC, …),"
            + " mahalanobis(NAME), mahalanobis(NAME, LAYER) or reconstruction(NAME).");
  }
}
