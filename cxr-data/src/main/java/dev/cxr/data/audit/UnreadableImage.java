package dev.cxr.data.audit;

/**
 * An image that cannot be decoded.
 *
 * @param image the image
 * @param reason the message of the decoder
 */
public record UnreadableImage(AuditedImage image, String reason) {}
