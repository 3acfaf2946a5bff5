package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.EdgeMode;
import dev.cxr.data.image.GrayImage;

/**
 * Augments stored pixels into model input.
 *
 * <p>The result depends on the seed alone: it is the same on every machine and thread. Thread-safe.
 */
public final class Augmenter {

  private static final float[] IDENTITY_TABLE = new float[256];

  static {
    for (int gray = 0; gray < IDENTITY_TABLE.length; gray++) {
      IDENTITY_TABLE[gray] = gray / 255f;
    }
  }

  private final boolean isIdentity;
  private final AugmentationSampler sampler;
  private final EdgeMode edge;

  /**
   * Creates an augmenter.
   *
   * @param augmentation the ranges to sample from
   */
  public Augmenter(Augmentation augmentation) {
    this.isIdentity = augmentation.equals(Augmentation.NONE);
    this.sampler = new AugmentationSampler(augmentation);
    this.edge = augmentation.edge();
  }

  /**
   * Augments one image into floats in 0..1, the gray value divided by 255. Under {@link
   * Augmentation#NONE} the result is exactly {@code pixel / 255f}.
   *
   * @param image the stored image
   * @param seed the random seed, a new one for each image and epoch
   * @return {@code width * height} values, row by row
   */
  public float[] apply(GrayImage image, long seed) {
    byte[] stored = image.pixels();
    int width = image.width();
    int height = image.height();
    float[] out = new float[stored.length];
    if (isIdentity) { // the same result at a tenth of the cost
      applyTable(stored, IDENTITY_TABLE, out);
      return out;
    }
    AugmentationParams params = sampler.sample(seed);
    float[] intensityTable = IntensityTransform.lookupTable(params.gamma(), params.contrast());
    float[] adjusted = new float[stored.length];
    applyTable(stored, intensityTable, adjusted);
    new BilinearSampler(edge, (float) params.brightness(), intensityTable[0])
        .sample(adjusted, new Affine(params, width, height), width, height, out);
    Blur.apply(out, width, height, (float) params.blur());
    Noise.add(out, params.noise(), params.noiseSeed());
    RandomErasing.erase(out, width, height, params.erasedArea(), params.eraseSeed());
    return out;
  }

  private static void applyTable(byte[] stored, float[] table, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = table[stored[i] & 0xFF];
    }
  }

  /** The parameters that {@link #apply} uses with this seed. */
  AugmentationParams sampleParams(long seed) {
    return sampler.sample(seed);
  }
}
