package dev.cxr.models.bundle;

/**
 * The int8 variant of a bundle's model, and how it compares with float32. It holds nothing of the
 * images but their number.
 *
 * @param sourceBundle id of the bundle it was derived from, whose float32 model it keeps
 * @param method how activations and weights were quantized, in words
 * @param calibrationImages training images on which the ranges of activations were measured
 * @param validationImages on which both were compared
 * @param float32Auroc on these
 * @param int8Auroc on these
 * @param changedDecisions images whose decision at the threshold differs
 * @param float32ImagesPerSecond on the machine that quantized
 * @param int8ImagesPerSecond on the machine that quantized
 */
public record Quantization(
    String sourceBundle,
    String method,
    int calibrationImages,
    int validationImages,
    double float32Auroc,
    double int8Auroc,
    int changedDecisions,
    double float32ImagesPerSecond,
    double int8ImagesPerSecond) {

  /** How far AUROC may be from that of float32. */
  private static final double MAX_AUROC_DIFFERENCE = .001;

  /** Of as many images one decision may differ from that of float32. */
  private static final int IMAGES_PER_CHANGED_DECISION = 1000;

  /** {@return how many decisions may differ: none of fewer than 1,000 images} */
  public int allowedChanges() {
    return validationImages / IMAGES_PER_CHANGED_DECISION;
  }

  /** {@return whether it predicts as float32 does: the AUROC to .001, and the decisions} */
  public boolean agrees() {
    return Math.abs(int8Auroc - float32Auroc) <= MAX_AUROC_DIFFERENCE // rejects NaN too
        && changedDecisions <= allowedChanges();
  }

  /** {@return whether it is faster than float32 on the machine that quantized} */
  public boolean isFaster() {
    return int8ImagesPerSecond > float32ImagesPerSecond;
  }
}
