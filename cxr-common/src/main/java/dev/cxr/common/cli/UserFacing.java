package dev.cxr.common.cli;

/**
 * A failure whose message says by itself what was expected, what was found and what to do: people
 * are shown that and nothing else.
 */
public interface UserFacing {}
