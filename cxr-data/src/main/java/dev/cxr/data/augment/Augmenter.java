package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.EdgeMode;
import dev.cxr.data.image.GrayImage;

/**
 * Turns stored pixels into model input, augmented.
 *
 * <p>All draws come from the seed, and only arithmetic that is the same on every machine is used: a
 * picture is the same whichever thread asks for it, when and where. Safe for use by many threads.
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
   * An augmenter of the given strength.
   *
   * @param augmentation how far pictures may differ from those stored
   */
  public Augmenter(Augmentation augmentation) {
    this.isIdentity = augmentation.equals(Augmentation.NONE);
    this.sampler = new AugmentationSampler(augmentation);
    this.edge = augmentation.edge();
  }

  /**
   * One picture as floats in 0..1, gray value by 255. Under {@link Augmentation#NONE} that is
   * exactly {@code pixel / 255f}.
   *
   * @param image as it is stored
   * @param seed what all draws of this picture follow from; a new one for each picture and epoch
   * @return {@code width * height} values, row by row
   */
  public float[] apply(GrayImage image, long seed) {
    byte[] stored = image.pixels();
    int width = image.width();
    int height = image.height();
    float[] out = new float[stored.length];
    if (isIdentity) { // what follows would come to the same, at ten times the cost
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

  /** What {@link #apply} gives the picture of this seed. */
  AugmentationParams sampleParams(long seed) {
    return sampler.sample(seed);
  }
}
