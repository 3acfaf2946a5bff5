package dev.cxr.data.augment;

import dev.cxr.data.augment.Augmentation.Edge;
import java.nio.ByteBuffer;

/**
 * Turns stored pixels into model input, augmented.
 *
 * <p>All draws come from the seed, and only arithmetic that is the same on every machine is used: a
 * picture is the same whichever thread asks for it, when and where. Safe for use by many threads.
 */
public final class Augmenter {

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
   * Writes one picture as floats in 0..1, gray value by 255. Under {@link Augmentation#NONE} that
   * is exactly {@code pixel / 255f}.
   *
   * @param source unsigned 8-bit pixels, row by row; its position and limit play no part beyond
   *     bounding what can be read, and are left as they are
   * @param offset index in {@code source} of the picture's first pixel
   * @param width columns, at least 1
   * @param height rows, at least 1
   * @param seed what all draws of this picture follow from; a new one for each picture and epoch
   * @param out receives {@code width * height} values
   * @param outOffset index in {@code out} of the first
   * @throws IndexOutOfBoundsException if {@code source} or {@code out} ends before the picture does
   */
  public void apply(
      ByteBuffer source, int offset, int width, int height, long seed, float[] out, int outOffset) {
    byte[] stored = new byte[width * height];
    source.get(offset, stored);
    if (asStored) { // what follows would come to the same, at ten times the cost
      for (int i = 0; i < stored.length; i++) {
        out[outOffset + i] = (stored[i] & 0xFF) / 255f;
      }
      return;
    }
    Draw draw = draws.draw(seed);
    float[] tone = Tone.curve(draw.gamma(), draw.contrast());
    float[] toned = new float[stored.length];
    for (int i = 0; i < toned.length; i++) {
      toned[i] = tone[stored[i] & 0xFF];
    }
    new Resampling(edge, (float) draw.brightness(), tone[0])
        .read(toned, new Affine(draw, width, height), width, height, out, outOffset);
    Blur.mix(out, outOffset, width, height, (float) draw.blur());
    Noise.add(out, outOffset, toned.length, draw.noise(), draw.noiseSeed());
    Erasing.erase(out, outOffset, width, height, draw.erased(), draw.eraseSeed());
  }

  /** What {@link #apply} gives the picture of this seed. */
  Draw draw(long seed) {
    return draws.draw(seed);
  }
}
