package dev.cxr.models.summary;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.Architecture;
import dev.cxr.models.architecture.Architectures;
import dev.cxr.models.architecture.BuiltInArchitecture;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Stage;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GraphvizDotTest {

  private static final Pattern NODE = Pattern.compile("n(\\d+) \\[label=\"([^\"]+)\"];");
  private static final Pattern EDGE = Pattern.compile("n(\\d+) -> n(\\d+);");

  @ParameterizedTest
  @EnumSource
  void everyOperationButTheFirstHasAnEarlierInput(BuiltInArchitecture architecture) {
    String dot = dot(architecture);
    List<Integer> nodes = numbers(NODE, dot, 1);
    assertThat(nodes).doesNotHaveDuplicates().hasSizeGreaterThan(10);
    List<Integer> from = numbers(EDGE, dot, 1);
    List<Integer> to = numbers(EDGE, dot, 2);
    for (int i = 0; i < from.size(); i++) {
      assertThat(from.get(i)).isLessThan(to.get(i));
    }
    int last = nodes.size() - 1;
    assertThat(to).doesNotContain(0).containsAll(nodes.subList(1, last + 1));
    assertThat(from).doesNotContain(last).containsAll(nodes.subList(0, last));
    assertThat(dot).doesNotContain("Lambda", "Block", "function");
  }

  @ParameterizedTest
  @EnumSource(names = {"BINARY_CNN", "AUTOENCODER", "MOBILENET_V1_025"})
  void everyStageIsACluster(BuiltInArchitecture architecture) {
    List<String> boxes =
        Pattern.compile("label=(\"[^\"]+\"); labeljust")
            .matcher(dot(architecture))
            .results()
            .map(match -> match.group(1).replace("\"", ""))
            .toList();
    assertThat(boxes)
        .isEqualTo(
            architecture.create(side(architecture)).stages().stream().map(Stage::name).toList());
  }

  /** ResNet-50 has 16 units with a shortcut, DenseNet-121 58 layers that hand on what they got. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, sum, 8, 2",
    "resnet50, sum, 16, 2",
    "xception, sum, 12, 2",
    "densenet121, concatenation, 58, 2",
    "inception-v3, concatenation, 15, 2"
  })
  void mergesHaveAllBranchesAsInputs(String name, String join, int count, int fewest) {
    String dot = dot(Architectures.forName(name));
    List<MatchResult> joins =
        NODE.matcher(dot).results().filter(n -> n.group(2).contains("\\n" + join)).toList();
    assertThat(joins).hasSize(count);
    for (MatchResult node : joins) {
      assertThat(numbers(EDGE, dot, 2).stream().filter(to -> to == Integer.parseInt(node.group(1))))
          .hasSizeGreaterThanOrEqualTo(fewest);
    }
  }

  private static String dot(Architecture architecture) {
    int side = side(architecture);
    try (NDManager manager = NDManager.newBaseManager()) {
      Network network = architecture.create(side);
      network.initialize(manager, DataType.FLOAT32, new Shape(1, 1, side, side));
      return GraphvizDot.render(network, architecture.id(), side);
    }
  }

  private static int side(Architecture architecture) {
    return Math.max(32, architecture.minSide());
  }

  private static List<Integer> numbers(Pattern pattern, String dot, int group) {
    return pattern.matcher(dot).results().map(m -> Integer.parseInt(m.group(group))).toList();
  }
}
