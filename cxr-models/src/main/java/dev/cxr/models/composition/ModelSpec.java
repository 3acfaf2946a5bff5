package dev.cxr.models.composition;

import static java.util.stream.Collectors.joining;

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
import java.util.function.Predicate;

/**
 * The model of a bundle: one network or a composition of networks.
 *
 * <p>As text it is an architecture's name, such as {@code binary-cnn}, or a composition, such as
 * {@code flip-averaged(mobilenet-v1-075)} and {@code cascade(binary-cnn, flip-averaged(resnet18))}.
 */
public final class ModelSpec {

  /** The longest text that {@link #parse} reads, in characters. */
  public static final int MAX_LENGTH = 500;

  private final String text;
  private final int memberCount;
  private final Predicate<Task> supportedTasks;
  private final Composer composer;

  private ModelSpec(
      String text, int memberCount, Predicate<Task> supportedTasks, Composer composer) {
    this.text = text;
    this.memberCount = memberCount;
    this.supportedTasks = supportedTasks;
    this.composer = composer;
  }

  private interface Composer {
    PredictionBlock build(int outputs, NetworkSource networks);
  }

  /** Supplies the networks of a composition. */
  @FunctionalInterface
  public interface NetworkSource {

    /**
     * {@return a network of the architecture, of either kind}
     *
     * @param outputs how many logits it returns, if it is a classifier
     * @param architecture the architecture of the network
     */
    Network create(Architecture architecture, int outputs);
  }

  /**
   * {@return a single network: its logits, or as anomaly score the error of an autoencoder's
   * reconstruction or the {@linkplain MahalanobisDistance distance} of a classifier's embedding}
   *
   * @param architecture of the network
   * @param task what it predicts
   * @param layer whose output, averaged over positions, is the embedding; by default the embedding
   *     of the network
   */
  public static ModelSpec singleNetwork(
      Architecture architecture, Task task, Optional<String> layer) {
    if (!task.isAnomaly()) {
      return network(architecture);
    }
    return architecture.kind() == Architecture.Kind.AUTOENCODER
        ? reconstruction(architecture)
        : mahalanobis(architecture, layer);
  }

  private static ModelSpec network(Architecture architecture) {
    return new ModelSpec(
        architecture.id(),
        1,
        task -> architecture.kind() == Architecture.Kind.CLASSIFIER && !task.isAnomaly(),
        (outputs, networks) -> (ClassifierNetwork) networks.create(architecture, outputs));
  }

  private static ModelSpec mahalanobis(Architecture architecture, Optional<String> layer) {
    return new ModelSpec(
        "mahalanobis(%s)".formatted(architecture.id() + layer.map(", "::concat).orElse("")),
        1,
        task -> architecture.kind() == Architecture.Kind.CLASSIFIER && task.isAnomaly(),
        (outputs, networks) -> {
          ClassifierNetwork network = (ClassifierNetwork) networks.create(architecture, outputs);
          return new MahalanobisDistance(network, layer.orElse(network.embeddingLayer()));
        });
  }

  private static ModelSpec reconstruction(Architecture architecture) {
    return new ModelSpec(
        "reconstruction(%s)".formatted(architecture.id()),
        1,
        task -> architecture.kind() == Architecture.Kind.AUTOENCODER && task.isAnomaly(),
        (outputs, networks) ->
            new ReconstructionError((AutoencoderNetwork) networks.create(architecture, outputs)));
  }

  /**
   * {@return a {@link FlipAveraged} model}
   *
   * @param member the model to average
   */
  public static ModelSpec flipAveraged(ModelSpec member) {
    return new ModelSpec(
        "flip-averaged(%s)".formatted(member),
        1,
        member::supports,
        (outputs, networks) -> new FlipAveraged(member.build(outputs, networks)));
  }

  /**
   * {@return a {@link Cascade}}
   *
   * @param binary its first step
   * @param subtype its second step
   */
  public static ModelSpec cascade(ModelSpec binary, ModelSpec subtype) {
    return new ModelSpec(
        "cascade(%s, %s)".formatted(binary, subtype),
        1,
        task ->
            task.equals(Task.THREE_CLASS)
                && binary.supports(Task.BINARY)
                && subtype.supports(Task.SUBTYPE),
        (outputs, networks) -> new Cascade(binary.build(1, networks), subtype.build(1, networks)));
  }

  /**
   * {@return an {@link Ensemble}}
   *
   * @param members at least two
   */
  public static ModelSpec ensemble(List<ModelSpec> members) {
    return new ModelSpec(
        members.stream().map(ModelSpec::toString).collect(joining(", ", "ensemble(", ")")),
        members.size(),
        task -> members.stream().allMatch(member -> member.supports(task)),
        (outputs, networks) ->
            new Ensemble(members.stream().map(m -> m.build(outputs, networks)).toList()));
  }

  /** {@return how many members an ensemble has; 1 for every other model} */
  public int memberCount() {
    return memberCount;
  }

  /**
   * {@return whether its outputs are those of the task}
   *
   * @param task the task
   */
  public boolean supports(Task task) {
    return supportedTasks.test(task);
  }

  /**
   * Composes the block of given networks.
   *
   * @param outputs how many logits the task has
   * @param networks supplies the networks, in the order of the text
   * @return a block from images to logits
   */
  public PredictionBlock build(int outputs, NetworkSource networks) {
    return composer.build(outputs, networks);
  }

  /**
   * Composes the block of new networks, without parameters yet.
   *
   * @param outputs how many logits the task has
   * @param format the memory layout of the convolutions
   * @param input side and normalization of the images
   * @return a block from images to logits
   */
  public PredictionBlock create(InputSpec input, int outputs, MemoryFormat format) {
    return build(
        outputs,
        (architecture, logits) ->
            switch (architecture.kind()) {
              case CLASSIFIER -> architecture.create(input, logits, format);
              case AUTOENCODER -> architecture.createAutoencoder(input, format);
            });
  }

  /** {@return the text that {@link #parse} reads} */
  @Override
  public String toString() {
    return text;
  }

  /**
   * Parses what {@code toString} returns, and the names of bundle format 1: {@code mirrored} for
   * {@code flip-averaged}, {@code distance} for {@code mahalanobis}.
   *
   * @param text as a recipe names it
   * @return the specification
   * @throws UserErrorException if the text is invalid or names an unknown architecture
   */
  public static ModelSpec parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw syntaxError("%d characters".formatted(text.length()));
    }
    int open = text.indexOf('(');
    if (open < 0) {
      return network(Architectures.forName(text));
    }
    if (!text.endsWith(")")) {
      throw syntaxError("'" + text + "'");
    }
    List<String> parts = splitArguments(text.substring(open + 1, text.length() - 1));
    String first = parts.get(0);
    if (text.startsWith("ensemble(") && parts.size() > 1) {
      return ensemble(parts.stream().map(ModelSpec::parse).toList());
    }
    return switch (text.substring(0, open) + "/" + parts.size()) {
      case "flip-averaged/1", "mirrored/1" -> flipAveraged(parse(first));
      case "cascade/2" -> cascade(parse(first), parse(parts.get(1)));
      case "mahalanobis/1", "distance/1" ->
          mahalanobis(Architectures.forName(first), Optional.empty());
      case "mahalanobis/2", "distance/2" ->
          mahalanobis(Architectures.forName(first), Optional.of(parts.get(1)));
      case "reconstruction/1" -> reconstruction(Architectures.forName(first));
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
