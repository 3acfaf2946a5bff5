package dev.cxr.models.summary;

import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.Network;
import dev.cxr.models.architecture.Operation;
import dev.cxr.models.architecture.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * The layers of a network with output shapes, parameters and FLOPs.
 *
 * @param rows one per layer, in order
 */
public record ModelSummary(List<LayerRow> rows) {

  private static final int MAX_LISTED_OPERATIONS = 3;
  private static final int TEXT_COLUMNS = 4;

  /**
   * A layer.
   *
   * @param stage the stage it is in
   * @param layer its name
   * @param kind its operations; their number if there are many
   * @param output the shape of its output for one image
   * @param parameters the number of its parameters
   * @param trainable the number of its trainable parameters
   * @param flops as {@link Operation#flops()}
   */
  public record LayerRow(
      String stage,
      String layer,
      String kind,
      Shape output,
      long parameters,
      long trainable,
      long flops) {}

  /**
   * Keeps a copy.
   *
   * @param rows as of the record
   */
  public ModelSummary {
    rows = List.copyOf(rows);
  }

  /**
   * Summarizes a network.
   *
   * @param network initialized
   * @param side width and height of the images, in pixels
   * @return the summary
   */
  public static ModelSummary of(Network network, int side) {
    List<LayerRow> rows = new ArrayList<>();
    Shape shape = new Shape(1, 1, side, side);
    for (Stage stage : network.stages()) {
      for (String layer : stage.layers()) {
        List<Operation> operations = Operation.of(network.layer(layer), shape);
        shape = operations.get(operations.size() - 1).output();
        rows.add(
            new LayerRow(
                stage.name(),
                layer,
                kind(operations),
                shape,
                operations.stream().mapToLong(Operation::parameters).sum(),
                operations.stream().mapToLong(Operation::trainable).sum(),
                operations.stream().mapToLong(Operation::flops).sum()));
      }
    }
    return new ModelSummary(rows);
  }

  private static String kind(List<Operation> operations) {
    return operations.size() > MAX_LISTED_OPERATIONS
        ? operations.size() + " operations"
        : operations.stream().map(Operation::kind).collect(Collectors.joining(", "));
  }

  /** {@return the number of parameters} */
  public long parameters() {
    return total(LayerRow::parameters);
  }

  /** {@return the number of trainable parameters; the others are BatchNorm statistics or frozen} */
  public long trainable() {
    return total(LayerRow::trainable);
  }

  /** {@return the {@linkplain Operation#flops() FLOPs} for one image} */
  public long flops() {
    return total(LayerRow::flops);
  }

  private long total(ToLongFunction<LayerRow> value) {
    return rows.stream().mapToLong(value).sum();
  }

  /** {@return a table for a terminal} */
  public String text() {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("stage", "layer", "kind", "output", "parameters", "FLOPs"));
    for (LayerRow row : rows) {
      String output = row.output().toString().replaceFirst("\\(1", "(N");
      table.add(
          List.of(
              row.stage(),
              row.layer(),
              row.kind(),
              output,
              formatNumber(row.parameters()),
              formatNumber(row.flops())));
    }
    table.add(List.of("total", "", "", "", formatNumber(parameters()), formatNumber(flops())));
    table.add(List.of("trainable", "", "", "", formatNumber(trainable()), ""));
    table.add(List.of("not trainable", "", "", "", formatNumber(parameters() - trainable()), ""));
    List<String> lines = align(table);
    String separator = "-".repeat(lines.get(0).length());
    lines.add(1, separator);
    lines.add(rows.size() + 2, separator);
    return String.join("\n", lines) + "\n";
  }

  /** Pads the cells of each column to one width: text on the right, numbers on the left. */
  private static List<String> align(List<List<String>> table) {
    StringBuilder format = new StringBuilder();
    for (int i = 0; i < table.get(0).size(); i++) {
      int column = i;
      int width = table.stream().mapToInt(row -> row.get(column).length()).max().orElse(1);
      format.append(i < TEXT_COLUMNS ? "%-" : "%").append(width).append("s  ");
    }
    return table.stream()
        .map(row -> String.format(format.toString(), row.toArray()).stripTrailing())
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static String formatNumber(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
