package dev.cxr.models.architecture;

import java.util.List;

/**
 * Consecutive layers of a network under one name, usually of one resolution.
 *
 * @param name unique in the network
 * @param layers their names, in order
 */
public record Stage(String name, List<String> layers) {}
