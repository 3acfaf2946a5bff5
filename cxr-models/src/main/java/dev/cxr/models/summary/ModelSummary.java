package dev.cxr.models.summary;

import ai.djl.ndarray.types.Shape;
import dev.cxr.models.architecture.ComputationGraph;
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
    List<Operation> operations = ComputationGraph.of(network, side).operations();
    List<LayerRow> rows = new ArrayList<>();
    for (Stage stage : network.stages()) {
      for (String layer : stage.layers()) {
        List<Operation> layerOperations =
            operations.stream().filter(o -> o.layer().equals(layer)).toList();
        rows.add(
            new LayerRow(
                stage.name(),
                layer,
                kind(layerOperations),
                layerOperations.get(layerOperations.size() - 1).output(),
                layerOperations.stream().mapToLong(Operation::parameters).sum(),
                layerOperations.stream().mapToLong(Operation::trainable).sum(),
                layerOperations.stream().mapToLong(Operation::flops).sum()));
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
    TextTable table = new TextTable("stage", "layer", "kind", "output", "parameters", "FLOPs");
    for (LayerRow row : rows) {
      table.add(
          row.stage(),
          row.layer(),
          row.kind(),
          formatShape(row.output()),
          formatNumber(row.parameters()),
          formatNumber(row.flops()));
    }
    table.separator();
    table.add("total", "", "", "", formatNumber(parameters()), formatNumber(flops()));
    table.add("trainable", "", "", "", formatNumber(trainable()), "");
    table.add("not trainable", "", "", "", formatNumber(parameters() - trainable()), "");
    return table.text();
  }

  /** Shows the batch dimension as N. */
  static String formatShape(Shape shape) {
    return shape.toString().replaceFirst("\\(1", "(N");
  }

  static String formatNumber(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
