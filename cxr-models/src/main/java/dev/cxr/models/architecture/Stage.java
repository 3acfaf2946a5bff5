package dev.cxr.models.architecture;

import java.util.List;

/**
 * A named run of a network's layers, between two changes of resolution or as its paper has it.
 *
 * @param layers their names, in order
 */
public record Stage(String name, List<String> layers) {}
