package dev.cxr.models.summary;

import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.Graph;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Operation;
import dev.cxr.models.architecture.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What a network is made of, layer by layer.
 *
 * @param rows one a layer, in order
 */
public record Summary(List<Row> rows) {

  private static final int MOST_NAMED = 3;

  /**
   * A layer.
   *
   * @param stage the stage it is in
   * @param layer its name
   * @param kind what it does; for one made of many operations, how many
   * @param output its output's shape for one picture
   * @param parameters how many numbers it holds
   * @param trainable how many of these are learned
   * @param flops as {@link Operation#flops()}
   */
  public record Row(
      String stage,
      String layer,
      String kind,
      Shape output,
      long parameters,
      long trainable,
      long flops) {}

  /** Keeps a copy. */
  public Summary {
    rows = List.copyOf(rows);
  }

  /**
   * Sums a network up.
   *
   * @param network initialised
   * @param side width and height of the pictures, in pixels
   */
  public static Summary of(Network network, int side) {
    List<Operation> operations = Graph.of(network, side).operations();
    List<Row> rows = new ArrayList<>();
    for (Stage stage : network.stages()) {
      for (String layer : stage.layers()) {
        List<Operation> own = operations.stream().filter(o -> o.layer().equals(layer)).toList();
        rows.add(
            new Row(
                stage.name(),
                layer,
                kind(own),
                own.get(own.size() - 1).output(),
                own.stream().mapToLong(Operation::parameters).sum(),
                own.stream().mapToLong(Operation::trainable).sum(),
                own.stream().mapToLong(Operation::flops).sum()));
      }
    }
    return new Summary(rows);
  }

  private static String kind(List<Operation> operations) {
    return operations.size() > MOST_NAMED
        ? operations.size() + " operations"
        : operations.stream().map(Operation::kind).collect(Collectors.joining(", "));
  }

  /** How many numbers the network holds. */
  public long parameters() {
    return total(Row::parameters);
  }

  /** How many of these are learned; the others are what BatchNorm has seen, and what is frozen. */
  public long trainable() {
    return total(Row::trainable);
  }

  /** As {@link Operation#flops()}, for one picture. */
  public long flops() {
    return total(Row::flops);
  }

  private long total(ToLongFunction<Row> figure) {
    return rows.stream().mapToLong(figure).sum();
  }

  /** A table for a terminal. */
  public String text() {
    Table table = new Table("stage", "layer", "kind", "output", "parameters", "FLOPs");
    for (Row row : rows) {
      table.add(
          row.stage(),
          row.layer(),
          row.kind(),
          shape(row.output()),
          number(row.parameters()),
          number(row.flops()));
    }
    table.line();
    table.add("total", "", "", "", number(parameters()), number(flops()));
    table.add("trainable", "", "", "", number(trainable()), "");
    table.add("not trainable", "", "", "", number(parameters() - trainable()), "");
    return table.text();
  }

  /** (N, C, H, W) with any number of pictures. */
  static String shape(Shape shape) {
    return shape.toString().replaceFirst("\\(1", "(N");
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
