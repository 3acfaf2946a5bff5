package dev.cxr.models.summary;

import dev.cxr.models.architecture.ComputationGraph;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Operation;
import dev.cxr.models.architecture.Stage;
import java.util.List;

/** The graph of a network in Graphviz' DOT language, one cluster per stage. */
public final class GraphvizDot {

  private GraphvizDot() {}

  /**
   * Renders every operation of a network.
   *
   * @param network initialized
   * @param title the title of the graph
   * @param side width and height of the images, in pixels
   * @return DOT source
   */
  public static String render(Network network, String title, int side) {
    List<Operation> operations = ComputationGraph.of(network, side).operations();
    StringBuilder dot =
        new StringBuilder(
            """
            digraph network {
              label=%s; labelloc=t; fontname="sans-serif"; fontsize=20;
              node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=11];
            """
                .formatted(quote(title)));
    List<Stage> stages = network.stages();
    for (int i = 0; i < stages.size(); i++) {
      dot.append("  subgraph cluster_%d {\n".formatted(i));
      dot.append(
          "    label=%s; labeljust=l; fontsize=14; style=filled; color=\"#e8eef4\";\n"
              .formatted(quote(stages.get(i).name())));
      for (int index = 0; index < operations.size(); index++) {
        if (stages.get(i).layers().contains(operations.get(index).layer())) {
          dot.append("    n%d [label=%s];\n".formatted(index, quote(label(operations.get(index)))));
        }
      }
      dot.append("  }\n");
    }
    for (int index = 0; index < operations.size(); index++) {
      for (int input : operations.get(index).inputs()) {
        dot.append("  n%d -> n%d;\n".formatted(input, index));
      }
    }
    return dot.append("}\n").toString();
  }

  private static String label(Operation operation) {
    String parameters =
        operation.parameters() == 0
            ? ""
            : "\n%s parameters".formatted(ModelSummary.formatNumber(operation.parameters()));
    return "%s\n%s\n%s%s"
        .formatted(
            operation.name(),
            operation.kind(),
            ModelSummary.formatShape(operation.output()),
            parameters);
  }

  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
