package dev.cxr.data.augment;

import dev.cxr.data.augment.TileGrid.Tile;
import dev.cxr.data.image.GrayImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Draws the effect of augmentation on one image; the stored image comes first. */
public final class ContactSheet {

  private static final int COLUMNS = 6;
  private static final int RANDOM_ROWS = 4;

  private final GrayImage image;
  private final Tile stored;

  /**
   * Creates a sheet.
   *
   * @param image the image in input size
   */
  public ContactSheet(GrayImage image) {
    this.image = image;
    this.stored = new Tile(image, List.of("as stored"));
  }

  /**
   * Draws random augmentations, each with its seed as caption.
   *
   * @param augmentation the ranges to sample from
   * @param seed the seed of the first
   * @return the sheet: 4 rows of 6 images
   */
  public GrayImage renderRandom(Augmentation augmentation, long seed) {
    Augmenter augmenter = new Augmenter(augmentation);
    List<Tile> tiles = new ArrayList<>(List.of(stored));
    for (long next = seed; tiles.size() < COLUMNS * RANDOM_ROWS; next++) {
      tiles.add(tile(augmenter, next, "seed " + next));
    }
    return TileGrid.render(
        IntStream.range(0, RANDOM_ROWS)
            .mapToObj(row -> tiles.subList(row * COLUMNS, (row + 1) * COLUMNS))
            .toList());
  }

  /**
   * Draws a row for each kind of {@link Augmentation#ALL_KINDS}: the image, then this kind alone
   * from its minimum to its maximum.
   *
   * @return the sheet
   */
  public GrayImage renderKinds() {
    long seed = seedWithFlipAndErase();
    List<List<Tile>> sheet = new ArrayList<>();
    for (AugmentationKind kind : AugmentationKind.values()) {
      Range range = Augmentation.ALL_KINDS.range(kind);
      List<Tile> tiles = new ArrayList<>(List.of(stored));
      for (int step = 0; step < COLUMNS - 1; step++) {
        double value = range.from() + (range.to() - range.from()) * step / (COLUMNS - 2);
        Augmenter alone = new Augmenter(Augmentation.builder().opt(kind, value, value).build());
        tiles.add(tile(alone, seed, String.format(Locale.ROOT, "%s %.2f", kind, value)));
      }
      sheet.add(tiles);
    }
    Augmenter mirror = new Augmenter(Augmentation.builder().optMirror(true).build());
    sheet.add(List.of(stored, tile(mirror, seed, "mirrored")));
    return TileGrid.render(sheet);
  }

  private static long seedWithFlipAndErase() {
    Augmenter all = new Augmenter(Augmentation.ALL_KINDS);
    return LongStream.iterate(1, next -> next + 1)
        .filter(s -> all.sampleParams(s).mirrored() && all.sampleParams(s).erasedArea() > 0)
        .findFirst()
        .orElseThrow();
  }

  private Tile tile(Augmenter augmenter, long seed, String caption) {
    float[] grays = augmenter.apply(image, seed);
    byte[] pixels = new byte[grays.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.round(grays[i] * 255);
    }
    return new Tile(new GrayImage(image.width(), image.height(), pixels), List.of(caption));
  }
}
