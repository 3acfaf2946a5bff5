package dev.cxr.common.cli;

/**
 * An exception whose message alone is shown to the user: it says what was expected, what was found
 * and what to do.
 */
public interface UserFacing {}
