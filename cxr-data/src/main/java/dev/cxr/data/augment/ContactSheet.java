package dev.cxr.data.augment;

import dev.cxr.data.augment.TileGrid.Tile;
import dev.cxr.data.image.GrayImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** Draws the effect of each kind of augmentation on one image; the stored image comes first. */
public final class ContactSheet {

  /** The images of a kind after the stored one. */
  private static final int STEPS = 5;

  private final GrayImage image;

  /** The first seed that both flips and erases. */
  private final long seed;

  private ContactSheet(GrayImage image) {
    this.image = image;
    Augmenter all = new Augmenter(Augmentation.ALL_KINDS);
    this.seed =
        LongStream.iterate(1, next -> next + 1)
            .filter(s -> all.sampleParams(s).mirrored() && all.sampleParams(s).erasedArea() > 0)
            .findFirst()
            .orElseThrow();
  }

  /**
   * Draws a row for each kind of {@link Augmentation#ALL_KINDS}: the image, then this kind alone
   * from its minimum to its maximum.
   *
   * @param image the image in input size
   * @return the sheet
   */
  public static GrayImage render(GrayImage image) {
    return new ContactSheet(image).render();
  }

  private GrayImage render() {
    Tile stored = new Tile(image, List.of("as stored"));
    List<List<Tile>> sheet = new ArrayList<>();
    for (AugmentationKind kind : AugmentationKind.values()) {
      Range range = Augmentation.ALL_KINDS.range(kind);
      List<Tile> tiles = new ArrayList<>(List.of(stored));
      for (int step = 0; step < STEPS; step++) {
        double value = range.from() + (range.to() - range.from()) * step / (STEPS - 1);
        Augmenter alone = new Augmenter(Augmentation.builder().opt(kind, value, value).build());
        tiles.add(tile(alone, String.format(Locale.ROOT, "%s %.2f", kind.key(), value)));
      }
      sheet.add(tiles);
    }
    Augmenter mirror = new Augmenter(Augmentation.builder().optMirror(true).build());
    sheet.add(List.of(stored, tile(mirror, "mirrored")));
    return TileGrid.render(sheet);
  }

  private Tile tile(Augmenter augmenter, String caption) {
    float[] grays = augmenter.apply(image, seed);
    byte[] pixels = new byte[grays.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(grays[i] * 255);
    }
    return new Tile(new GrayImage(image.width(), image.height(), pixels), List.of(caption));
  }
}
