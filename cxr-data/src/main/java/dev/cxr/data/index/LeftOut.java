package dev.cxr.data.index;

/**
 * A file that a dataset does not contain although it is where its images are.
 *
 * @param name its path within the dataset
 * @param reason why it was left out, as a noun phrase such as {@code a DICOMDIR}
 * @since 0.3
 */
public record LeftOut(String name, String reason) {}
