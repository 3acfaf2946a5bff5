package dev.cxr.models.architecture;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The smallest thing that a network does: a convolution, an activation, a sum.
 *
 * @param layer the network's layer that it is part of
 * @param name its path from there, joined by dots; that of the layer if it is the layer, or if it
 *     has no name of its own within it
 * @param kind what it does, such as {@code conv 3x3 / 2}
 * @param inputs the operations whose outputs it is given, by place in {@link
 *     ComputationGraph#operations}; none for the first, which is given the pictures
 * @param output its output's shape for one picture
 * @param parameters how many numbers it holds
 * @param trainable how many of these are learned
 * @param flops 2 for each multiplication with the addition that follows it, for one picture; of
 *     convolutions and dense layers alone, beside which the rest is little
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
