package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.Edge;
import dev.cxr.data.image.GrayImage;

/**
 * Turns stored pixels into model input, augmented.
 *
 * <p>All draws come from the seed, and only arithmetic that is the same on every machine is used: a
 * picture is the same whichever thread asks for it, when and where. Safe for use by many threads.
 */
public final class Augmenter {

  private static final float[] AS_STORED = new float[256];

  static {
    for (int gray = 0; gray < AS_STORED.length; gray++) {
      AS_STORED[gray] = gray / 255f;
    }
  }

  private final boolean asStored;
  private final Draws draws;
  private final Edge edge;

  /**
   * An augmenter of the given strength.
   *
   * @param augmentation how far pictures may differ from those stored
   */
  public Augmenter(Augmentation augmentation) {
    this.asStored = augmentation.equals(Augmentation.NONE);
    this.draws = new Draws(augmentation);
    this.edge = augmentation.edge();
  }

  /**
   * One picture as floats in 0..1, gray value by 255. Under {@link Augmentation#NONE} that is
   * exactly {@code pixel / 255f}.
   *
   * @param picture as it is stored
   * @param seed what all draws of this picture follow from; a new one for each picture and epoch
   * @return {@code width * height} values, row by row
   */
  public float[] apply(GrayImage picture, long seed) {
    byte[] stored = picture.pixels();
    int width = picture.width();
    int height = picture.height();
    float[] out = new float[stored.length];
    if (asStored) { // what follows would come to the same, at ten times the cost
      read(stored, AS_STORED, out);
      return out;
    }
    Draw draw = draws.draw(seed);
    float[] tone = Tone.curve(draw.gamma(), draw.contrast());
    float[] toned = new float[stored.length];
    read(stored, tone, toned);
    new Resampling(edge, (float) draw.brightness(), tone[0])
        .read(toned, new Affine(draw, width, height), width, height, out);
    Blur.mix(out, width, height, (float) draw.blur());
    Noise.add(out, draw.noise(), draw.noiseSeed());
    Erasing.erase(out, width, height, draw.erased(), draw.eraseSeed());
    return out;
  }

  private static void read(byte[] stored, float[] byGray, float[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = byGray[stored[i] & 0xFF];
    }
  }

  /** What {@link #apply} gives the picture of this seed. */
  Draw draw(long seed) {
    return draws.draw(seed);
  }
}
