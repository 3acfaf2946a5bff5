package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * A single operation of a network: a convolution, an activation, a sum.
 *
 * @param layer the layer of the network that it belongs to
 * @param name its path from that layer, joined by dots; the layer's name if it has none of its own
 * @param kind such as {@code conv 3x3 / 2}
 * @param inputs indices of its input operations in {@link ComputationGraph#operations}; none for
 *     the first operation
 * @param output the shape of its output for one image
 * @param parameters the number of its parameters
 * @param trainable the number of its trainable parameters
 * @param flops 2 per multiply-add for one image; only of convolutions and dense layers, which
 *     dominate
 */
public record Operation(
    String layer,
    String name,
    String kind,
    List<Integer> inputs,
    Shape output,
    long parameters,
    long trainable,
    long flops) {}
