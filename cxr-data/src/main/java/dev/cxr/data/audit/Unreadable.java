package dev.cxr.data.audit;

/**
 * A picture that cannot be read.
 *
 * @param picture which
 * @param reason why, as the decoder says it
 */
public record Unreadable(Picture picture, String reason) {}
