package dev.cxr.data.audit;

/**
 * A picture that cannot be read.
 *
 * @param image which
 * @param reason why, as the decoder says it
 */
public record UnreadableImage(AuditedImage image, String reason) {}
