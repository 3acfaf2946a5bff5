package dev.cxr.models.summary;

import dev.cxr.models.architecture.Graph;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Operation;
import dev.cxr.models.architecture.Stage;
import java.util.List;

/** A network's graph in the language of Graphviz, a box a stage. */
public final class Dot {

  private Dot() {}

  /**
   * Writes a network down, every operation of it.
   *
   * @param network initialised
   * @param title stands above the picture
   * @param side width and height of the pictures, in pixels
   */
  public static String of(Network network, String title, int side) {
    List<Operation> operations = Graph.of(network, side).operations();
    StringBuilder dot =
        new StringBuilder(
            """
            digraph network {
              label=%s; labelloc=t; fontname="sans-serif"; fontsize=20;
              node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=11];
            """
                .formatted(quoted(title)));
    List<Stage> stages = network.stages();
    for (int i = 0; i < stages.size(); i++) {
      dot.append("  subgraph cluster_%d {\n".formatted(i));
      dot.append(
          "    label=%s; labeljust=l; fontsize=14; style=filled; color=\"#e8eef4\";\n"
              .formatted(quoted(stages.get(i).name())));
      for (int place = 0; place < operations.size(); place++) {
        if (stages.get(i).layers().contains(operations.get(place).layer())) {
          dot.append(
              "    n%d [label=%s];\n".formatted(place, quoted(label(operations.get(place)))));
        }
      }
      dot.append("  }\n");
    }
    for (int place = 0; place < operations.size(); place++) {
      for (int input : operations.get(place).inputs()) {
        dot.append("  n%d -> n%d;\n".formatted(input, place));
      }
    }
    return dot.append("}\n").toString();
  }

  private static String label(Operation operation) {
    String parameters =
        operation.parameters() == 0
            ? ""
            : "\n%s parameters".formatted(Summary.number(operation.parameters()));
    return "%s\n%s\n%s%s"
        .formatted(
            operation.name(), operation.kind(), Summary.shape(operation.output()), parameters);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
